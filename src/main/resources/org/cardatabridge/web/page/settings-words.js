// SPDX-License-Identifier: Apache-2.0
// Names (n.) of the settings. The bridge describes them in English; in German the name has to do.

export const words = {
  en: {
    intro: 'Kept in settings.properties in the data directory; takes effect at once. Environment variables and .env are stronger. All other settings: application.properties.',
    'g.account': 'BMW account', 'g.vehicles': 'Names of the vehicles', 'g.mqtt': 'MQTT', 'g.mqtt-raw': 'Raw relay', 'g.homeassistant': 'Home Assistant',
    'g.evcc': 'evcc', 'g.homie': 'openHAB (Homie)', 'g.abrp': 'A Better Routeplanner', 'g.notify': 'Notifications',
    save: 'Save', saving: 'Saving …', nothing: 'Nothing was changed.', 'saved.now': 'Saved. The bridge starts anew with it, which takes a second or two …', saved: 'Saved and in effect.',
    'saved.restart': 'Saved. It takes effect when the program that runs the bridge is started again.', slow: 'Saved, but the bridge has not come back yet. Its log says why.',
    failed: 'Not saved: {text}', loadFailed: 'The settings cannot be shown: {text}', problem: 'The last change was taken back: {text}',
    remove: 'Use the default', forget: 'Remove', source: 'From: {source}', held: 'Cannot be changed here: {why}.', default: 'Default: {value}', takes: 'Takes {takes}',
    secret: 'set; a new one replaces it', unset: 'not set',
    'n.client-id': 'Client id', 'n.units': 'Units', 'n.vins': 'Only these vehicles', 'n.alias': 'Name of {vin}',
    'n.enabled': 'Switched on', 'n.mqtt.url': 'Address of the broker', 'n.mqtt.username': 'User name', 'n.mqtt.password': 'Password', 'n.mqtt.layout': 'Layout of the topics', 'n.mqtt.base-topic': 'Topics begin with',
    'n.homeassistant.language': 'Language of the entities', 'n.abrp.api-key': 'API key', 'n.abrp.token': 'Token of the car',
    'n.notify.telegram.token': 'Telegram: token of the bot', 'n.notify.telegram.chat-id': 'Telegram: chat', 'n.notify.ntfy.url': 'ntfy: address of the topic', 'n.notify.ntfy.token': 'ntfy: token',
    'n.notify.gotify.url': 'Gotify: address', 'n.notify.gotify.token': 'Gotify: token', 'n.notify.webhook.url': 'Webhook: address', 'n.notify.language': 'Language', 'n.notify.quiet-hours': 'Quiet hours'
  },
  de: {
    intro: 'Steht in settings.properties im Datenverzeichnis und gilt sofort. Umgebungsvariablen und .env gehen vor. Alle anderen Einstellungen: application.properties.',
    'g.account': 'BMW-Konto', 'g.vehicles': 'Namen der Fahrzeuge', 'g.mqtt': 'MQTT', 'g.mqtt-raw': 'Rohdaten', 'g.homeassistant': 'Home Assistant',
    'g.evcc': 'evcc', 'g.homie': 'openHAB (Homie)', 'g.abrp': 'A Better Routeplanner', 'g.notify': 'Benachrichtigungen',
    save: 'Speichern', saving: 'Wird gespeichert …', nothing: 'Nichts wurde geändert.', 'saved.now': 'Gespeichert. Die Bridge startet damit neu, das dauert ein, zwei Sekunden …', saved: 'Gespeichert, gilt jetzt.',
    'saved.restart': 'Gespeichert. Es gilt, sobald das Programm, in dem die Bridge läuft, neu gestartet ist.', slow: 'Gespeichert, aber die Bridge ist noch nicht zurück. Ihr Protokoll sagt, warum.',
    failed: 'Nicht gespeichert: {text}', loadFailed: 'Die Einstellungen lassen sich nicht zeigen: {text}', problem: 'Die letzte Änderung wurde zurückgenommen: {text}',
    remove: 'Vorgabe nehmen', forget: 'Entfernen', source: 'Aus: {source}', held: 'Hier nicht zu ändern: stammt aus {source}, das vorgeht. Dort ändern, dann die Bridge neu starten.', default: 'Vorgabe: {value}', takes: 'Möglich: {takes}',
    secret: 'gesetzt; ein neuer Wert ersetzt ihn', unset: 'nicht gesetzt',
    'n.client-id': 'Client-ID', 'n.units': 'Einheiten', 'n.vins': 'Nur diese Fahrzeuge', 'n.alias': 'Name von {vin}',
    'n.enabled': 'Eingeschaltet', 'n.mqtt.url': 'Adresse des Brokers', 'n.mqtt.username': 'Benutzername', 'n.mqtt.password': 'Passwort', 'n.mqtt.layout': 'Aufbau der Topics', 'n.mqtt.base-topic': 'Topics beginnen mit',
    'n.homeassistant.language': 'Sprache der Entitäten', 'n.abrp.api-key': 'API-Schlüssel', 'n.abrp.token': 'Token des Fahrzeugs',
    'n.notify.telegram.token': 'Telegram: Token des Bots', 'n.notify.telegram.chat-id': 'Telegram: Chat', 'n.notify.ntfy.url': 'ntfy: Adresse des Topics', 'n.notify.ntfy.token': 'ntfy: Token',
    'n.notify.gotify.url': 'Gotify: Adresse', 'n.notify.gotify.token': 'Gotify: Token', 'n.notify.webhook.url': 'Webhook: Adresse', 'n.notify.language': 'Sprache', 'n.notify.quiet-hours': 'Ruhezeit'
  }
};
