// SPDX-License-Identifier: Apache-2.0
// Names (n.) of the settings. The bridge describes them in English; German has descriptions (d:) where the name does not
// do, and words for what a setting takes (t:), its default (v:) and where it comes from (f:).

export const words = {
  en: {
    intro: 'Kept in settings.properties in the data directory; takes effect at once. Environment variables and .env are stronger. All other settings: application.properties.',
    'g.account': 'BMW account', 'g.highmobility': 'High Mobility', 'g.vehicles': 'Names of the vehicles', 'g.mqtt': 'MQTT', 'g.mqtt-raw': 'Raw relay', 'g.homeassistant': 'Home Assistant',
    'g.evcc': 'evcc', 'g.homie': 'openHAB (Homie)', 'g.abrp': 'A Better Routeplanner', 'g.notify': 'Notifications',
    save: 'Save', saving: 'Saving …', nothing: 'Nothing was changed.', 'saved.now': 'Saved. The bridge starts anew with it, which takes a second or two …', saved: 'Saved and in effect.',
    'saved.restart': 'Saved. It takes effect when the program that runs the bridge is started again.', slow: 'Saved, but the bridge has not come back yet. Its log says why.',
    failed: 'Not saved: {text}', loadFailed: 'The settings cannot be shown: {text}', problem: 'The last change was taken back: {text}',
    remove: 'Use the default', forget: 'Remove', source: 'From: {source}', held: 'Cannot be changed here: {why}.', default: 'Default: {value}', takes: 'Takes {takes}',
    secret: 'set; a new one replaces it', unset: 'not set',
    'n.client-id': 'Client id', 'n.units': 'Units', 'n.vins': 'Only these vehicles', 'n.alias': 'Name of {vin}',
    'n.highmobility.app-id': 'App id', 'n.highmobility.topic': 'Topic filter', 'n.highmobility.protocol': 'Version of MQTT',
    'n.enabled': 'Switched on', 'n.mqtt.url': 'Address of the broker', 'n.mqtt.username': 'User name', 'n.mqtt.password': 'Password', 'n.mqtt.layout': 'Layout of the topics', 'n.mqtt.base-topic': 'Topics begin with',
    'n.homeassistant.language': 'Language of the entities', 'n.abrp.api-key': 'API key', 'n.abrp.token': 'Token of the car',
    'n.notify.telegram.token': 'Telegram: token of the bot', 'n.notify.telegram.chat-id': 'Telegram: chat', 'n.notify.ntfy.url': 'ntfy: address of the topic', 'n.notify.ntfy.token': 'ntfy: token',
    'n.notify.gotify.url': 'Gotify: address', 'n.notify.gotify.token': 'Gotify: token', 'n.notify.webhook.url': 'Webhook: address', 'n.notify.language': 'Language', 'n.notify.quiet-hours': 'Quiet hours'
  },
  de: {
    intro: 'Steht in settings.properties im Datenverzeichnis und gilt sofort. Umgebungsvariablen und .env gehen vor. Alle anderen Einstellungen: application.properties.',
    'g.account': 'BMW-Konto', 'g.highmobility': 'High Mobility', 'g.vehicles': 'Namen der Fahrzeuge', 'g.mqtt': 'MQTT', 'g.mqtt-raw': 'Rohdaten', 'g.homeassistant': 'Home Assistant',
    'g.evcc': 'evcc', 'g.homie': 'openHAB (Homie)', 'g.abrp': 'A Better Routeplanner', 'g.notify': 'Benachrichtigungen',
    save: 'Speichern', saving: 'Wird gespeichert …', nothing: 'Nichts wurde geändert.', 'saved.now': 'Gespeichert. Die Bridge startet damit neu, das dauert ein, zwei Sekunden …', saved: 'Gespeichert, gilt jetzt.',
    'saved.restart': 'Gespeichert. Es gilt, sobald das Programm, in dem die Bridge läuft, neu gestartet ist.', slow: 'Gespeichert, aber die Bridge ist noch nicht zurück. Ihr Protokoll sagt, warum.',
    failed: 'Nicht gespeichert: {text}', loadFailed: 'Die Einstellungen lassen sich nicht zeigen: {text}', problem: 'Die letzte Änderung wurde zurückgenommen: {text}',
    remove: 'Vorgabe nehmen', forget: 'Entfernen', source: 'Aus: {source}', held: 'Hier nicht zu ändern: stammt aus {source}, das vorgeht. Dort ändern, dann die Bridge neu starten.', default: 'Vorgabe: {value}', takes: 'Möglich: {takes}',
    secret: 'gesetzt; ein neuer Wert ersetzt ihn', unset: 'nicht gesetzt',
    'n.client-id': 'Client-ID', 'n.units': 'Einheiten', 'n.vins': 'Nur diese Fahrzeuge', 'n.alias': 'Name von {vin}',
    'n.highmobility.app-id': 'App-ID', 'n.highmobility.topic': 'Topic-Filter', 'n.highmobility.protocol': 'MQTT-Version',
    'n.enabled': 'Eingeschaltet', 'n.mqtt.url': 'Adresse des Brokers', 'n.mqtt.username': 'Benutzername', 'n.mqtt.password': 'Passwort', 'n.mqtt.layout': 'Aufbau der Topics', 'n.mqtt.base-topic': 'Topics beginnen mit',
    'n.homeassistant.language': 'Sprache der Entitäten', 'n.abrp.api-key': 'API-Schlüssel', 'n.abrp.token': 'Token des Fahrzeugs',
    'n.notify.telegram.token': 'Telegram: Token des Bots', 'n.notify.telegram.chat-id': 'Telegram: Chat', 'n.notify.ntfy.url': 'ntfy: Adresse des Topics', 'n.notify.ntfy.token': 'ntfy: Token',
    'n.notify.gotify.url': 'Gotify: Adresse', 'n.notify.gotify.token': 'Gotify: Token', 'n.notify.webhook.url': 'Webhook: Adresse', 'n.notify.language': 'Sprache', 'n.notify.quiet-hours': 'Ruhezeit',
    'd:units': 'metric rechnet Meilen, °F und Gallonen in km, °C und Liter um; as-sent lässt sie.', 'd:vins': 'Nur diese Fahrzeugnummern; andere Fahrzeuge bleiben weg.',
    'd:highmobility.enabled': 'Nimmt Daten von High Mobility auf; die drei Dateien nennt docs/highmobility.md.', 'd:highmobility.app-id': 'Aus der Konsole von High Mobility; leer: die aus dem Zertifikat.',
    'd:highmobility.topic': 'Genau ein Filter; {app-id} steht für die App-ID.', 'd:alias': 'Steht statt der Fahrzeugnummer in Topics und auf dieser Seite; jeder Name nur einmal.', 'd:mqtt.url': 'Ihr MQTT-Broker; embedded steht für einen Broker in der Bridge.',
    'd:mqtt.layout': 'Topics und Inhalte: unsere, oder genau die einer älteren Bridge.', 'd:mqtt-raw.enabled': 'Gibt weiter, was BMW schickt, Byte für Byte.',
    'd:homeassistant.enabled': 'Home Assistant findet die Fahrzeuge von selbst.', 'd:evcc.enabled': 'Topics, die evcc liest.', 'd:homie.enabled': 'Topics nach der Homie-Konvention.',
    'd:notify.ntfy.url': 'Wird nie gezeigt: Wer sie kennt, liest mit.', 'd:notify.webhook.url': 'Bekommt jede Benachrichtigung als JSON; wird nie gezeigt.',
    'd:notify.quiet-hours': 'Stunden in Ortszeit, in denen nichts gesendet wird, was warten kann.',
    't:a list, comma separated': 'eine Liste, durch Kommas getrennt', "t:a name without /, + and #, and not 'bridge'": 'ein Name ohne /, + und #, nicht „bridge“', 't:a topic without + and #': 'ein Topic ohne + und #',
    't:a URL that begins with http:// or https://': 'eine Adresse, die mit http:// oder https:// beginnt', 't:hours such as 22:00-07:00': 'Stunden wie 22:00-07:00',
    't:a URL that begins with tcp:// or ssl:// or ws:// or wss://, or the word embedded': 'eine Adresse, die mit tcp://, ssl://, ws:// oder wss:// beginnt, oder das Wort embedded',
    'v:(all)': '(alle)', 'f:override': 'dem Befehl, der die Bridge gestartet hat'
  }
};
