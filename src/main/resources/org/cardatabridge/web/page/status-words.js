// SPDX-License-Identifier: Apache-2.0
// What the states mean and what to do, in the reader's words.
import { errorWords, pairs } from './rows.js';

export const words = pairs({
  ...errorWords, account: ['BMW account {name}', 'BMW-Konto {name}'], act: ['What to do:', 'Was zu tun ist:'], 'no-act': ['You need not do anything.', 'Sie müssen nichts tun.'],
  again: ['Log in again', 'Neu anmelden'], 'what.bmw': ['this account', 'dieses Konto'], 'what.highmobility': ['this certificate', 'dieses Zertifikat'], 'go.setup': ['Go to set-up', 'Zum Einrichten'], 'go.doctor': ['Ask the doctor', 'Zur Diagnose'], present: ['now', 'jetzt'],
  state: ['State', 'Zustand'], why: ['Why', 'Warum'], from: ['From', 'Von'], for: ['For', 'Dauer'], 'none-yet': ['none yet', 'noch keine'],

  'state.live': ['Live', 'Live'], 'state.quiet': ['Quiet', 'Still'], 'state.connecting': ['Connecting', 'Verbindet'], 'state.backing-off': ['Reconnecting', 'Neuer Versuch'],
  'state.refused': ['Refused', 'Abgewiesen'], 'state.quota': ['Too many connections', 'Zu viele Verbindungen'], 'state.login-required': ['Login needed', 'Anmeldung nötig'],
  'state.stopped': ['Stopped', 'Angehalten'],

  'is.live': ['Connected to {peer}, and data arrives.', 'Mit {peer} verbunden, und es kommen Daten.'],
  'is.first': ['Connected to {peer}; the first data is awaited.', 'Mit {peer} verbunden; die ersten Daten werden erwartet.'],
  'is.quiet': ['Connected to {peer}. No car has sent anything for a while, which is normal when parked.', 'Mit {peer} verbunden. Seit einer Weile hat kein Auto gesendet; geparkt ist das normal.'],
  'is.parked': ['Connected to {peer}. No car has sent anything since the start, which is normal when parked.', 'Mit {peer} verbunden. Seit dem Start hat kein Auto gesendet; geparkt ist das normal.'],
  'is.silent': ['Connected to {peer}, but no car has sent anything since the start.', 'Mit {peer} verbunden, aber seit dem Start hat kein Auto gesendet.'],
  'is.connecting': ['The bridge is connecting to {peer}; that takes some seconds.', 'Die Bridge verbindet sich mit {peer}; das dauert einige Sekunden.'],
  'is.stopped': ['The route {route} does not run; perhaps the bridge is just starting.', 'Die Route {route} läuft nicht; vielleicht startet die Bridge gerade.'],
  'is.backing-off': ['No connection to {peer}; the bridge tries again by itself. Reason: {why}.', 'Keine Verbindung zu {peer}; die Bridge versucht es von selbst wieder. Grund: {why}.'],
  'is.refused': ['BMW refuses a login that has not expired. The bridge has renewed it and tries on, ever more slowly.', 'BMW weist eine Anmeldung ab, die nicht abgelaufen ist. Die Bridge hat sie erneuert und versucht es weiter, immer langsamer.'],
  'is.quota': ['{peer} says that {what} connected too often. The bridge waits, as more attempts would prolong it.', '{peer} sagt, {what} habe sich zu oft verbunden. Die Bridge wartet, denn weitere Versuche würden es verlängern.'],
  'is.other': ['Another program uses {what} and takes the connection away; {peer} allows only one.', 'Ein anderes Programm benutzt {what} und nimmt die Verbindung weg; {peer} erlaubt nur eine.'],
  'is.perhaps-other': ['The connection ends after seconds, again and again. Perhaps another program uses {what}; {peer} allows only one connection.', 'Die Verbindung endet immer wieder nach Sekunden. Vielleicht benutzt ein anderes Programm {what}; {peer} erlaubt nur eine Verbindung.'],
  'is.filter': ['{peer} refuses what the bridge subscribes to.', '{peer} verweigert, was die Bridge abonniert.'],
  'is.journal': ['The bridge cannot store messages, so it takes none from {peer}.', 'Die Bridge kann Nachrichten nicht speichern und nimmt deshalb keine von {peer} an.'],
  'is.next': ['Next attempt {at}.', 'Nächster Versuch {at}.'],
  'is.pending': ['A login waits for your confirmation at BMW.', 'Eine Anmeldung wartet auf Ihre Bestätigung bei BMW.'],
  'is.asking': ['The bridge is asking BMW for a login code or for new tokens.', 'Die Bridge fragt BMW nach einem Anmeldecode oder neuen Token.'],
  'is.login-required': ['BMW sends data only after you have logged in.', 'BMW sendet erst Daten, wenn Sie sich angemeldet haben.'],
  'is.login-refused': ['BMW refused the login.', 'BMW hat die Anmeldung abgewiesen.'],
  'is.no-client-id': ['There is no client id yet.', 'Es gibt noch keine Client-ID.'],
  'is.no-scope': ['The login does not cover the data stream: it is older than the subscription to CarData Streaming.', 'Die Anmeldung umfasst den Datenstrom nicht: Sie ist älter als das Abonnement von CarData Streaming.'],
  'is.last-hour': ['Data arrives until the present session ends, an hour at most.', 'Daten kommen noch, bis die jetzige Sitzung endet, höchstens eine Stunde.'],

  'is.bucket': ['Its messages are read from a bucket; nothing is awaited by MQTT.', 'Seine Nachrichten werden aus einem Bucket gelesen; über MQTT wird nichts erwartet.'], 'state.bucket': ['Bucket', 'Bucket'],
  'is.hm-refused': ['High Mobility refuses the certificate. Reason: {why}.', 'High Mobility weist das Zertifikat ab. Grund: {why}.'],
  'is.expired': ['The certificate has expired; High Mobility takes a new one only.', 'Das Zertifikat ist abgelaufen; High Mobility nimmt nur ein neues.'],
  'is.not-yet-valid': ['The certificate is not valid yet, or this machine’s clock is behind.', 'Das Zertifikat gilt noch nicht, oder die Uhr dieses Rechners geht nach.'],
  'is.still-runs': ['The connection still runs with what was read before, until it ends.', 'Die Verbindung läuft noch mit dem, was zuvor gelesen wurde, bis sie endet.'],
  'is.unusable': ['The three files of High Mobility cannot be used.', 'Die drei Dateien von High Mobility sind nicht verwendbar.'],
  expired: ['Certificate expired', 'Zertifikat abgelaufen'], 'not-yet-valid': ['Certificate not valid yet', 'Zertifikat gilt noch nicht'],
  unusable: ['Files cannot be used', 'Dateien nicht verwendbar'], 'expires-soon': ['Certificate ends {at}', 'Zertifikat endet {at}'],

  'do.hm-files': ['Put the right files in place of the old ones; the bridge takes them up by itself. Set-up and the doctor say more.', 'Die richtigen Dateien an die Stelle der alten legen; die Bridge nimmt sie von selbst. Mehr sagen Einrichten und Diagnose.'],
  'do.hm-clock': ['Set this machine’s clock. Where it is right, wait for the certificate’s day, or take another one.', 'Die Uhr dieses Rechners stellen. Geht sie richtig, auf den Tag des Zertifikats warten oder ein anderes holen.'],
  'do.hm-refused': ['See in High Mobility’s console that the certificate is active; the doctor says which side refuses what.', 'In der Konsole von High Mobility nachsehen, ob das Zertifikat aktiv ist; die Diagnose sagt, welche Seite was abweist.'],
  'do.hm-renew': ['In High Mobility’s console take a new certificate and put its files in place of the old ones; no restart is needed.', 'In der Konsole von High Mobility ein neues Zertifikat holen und seine Dateien an die Stelle der alten legen; ein Neustart ist nicht nötig.'],
  'do.hm-wake': ['Let a car be driven. If nothing comes, see in High Mobility’s console that the vehicles are approved.', 'Ein Auto fahren lassen. Kommt nichts, in der Konsole von High Mobility nachsehen, ob die Fahrzeuge freigegeben sind.'],
  'do.hm-other': ['Find the other program and stop it, such as a second bridge or a test client. It can read from this bridge instead.', 'Das andere Programm finden und beenden, etwa eine zweite Bridge oder einen Testclient. Es kann stattdessen von dieser Bridge lesen.'],
  'do.hm-quota': ['Nothing now. If it comes back, look for a second program that uses this certificate.', 'Jetzt nichts. Kommt es wieder, suchen Sie ein zweites Programm, das dieses Zertifikat benutzt.'],
  'do.hm-filter': ['Compare the app id and cardata.highmobility.topic with High Mobility’s console.', 'App-ID und cardata.highmobility.topic mit der Konsole von High Mobility vergleichen.'],
  'do.setup': ['Set-up says why and leads you through the login.', 'Das Einrichten nennt den Grund und führt durch die Anmeldung.'],
  'do.wait': ['Nothing at first. If it lasts, the doctor finds out why.', 'Zunächst nichts. Hält es an, findet die Diagnose den Grund.'],
  'do.wake': ['Lock or unlock the car. If nothing comes within minutes, the doctor finds out why.', 'Ver- oder entriegeln Sie das Auto. Kommt nach Minuten nichts, findet die Diagnose den Grund.'],
  'do.other': ['Find the other program and stop it: a second bridge, evcc, a Home Assistant integration, a forgotten container. It can read from this bridge instead.', 'Finden und beenden Sie das andere Programm: eine zweite Bridge, evcc, eine Integration in Home Assistant, ein vergessener Container. Es kann stattdessen von dieser Bridge lesen.'],
  'do.quota': ['Nothing now. If it comes back, look for a second program that uses this account.', 'Jetzt nichts. Kommt es wieder, suchen Sie ein zweites Programm, das dieses Konto benutzt.'],
  'do.filter': ['Set cardata.stream.topics to {gcid}/+.', 'Setzen Sie cardata.stream.topics auf {gcid}/+.'],
  'do.journal': ['The journal below says what to mend.', 'Das Journal unten sagt, was zu beheben ist.'],

  line: ['The last 24 hours', 'Die letzten 24 Stunden'], 'line.all': ['All changes', 'Alle Wechsel'],

  'fact.last': ['Last message', 'Letzte Nachricht'], 'fact.rate': ['Messages a minute', 'Nachrichten je Minute'], 'fact.messages': ['Messages since the start', 'Nachrichten seit dem Start'],
  'fact.ended': ['Last interruption', 'Letzte Unterbrechung'], 'fact.session': ['Session', 'Sitzung'], 'fact.login': ['Login', 'Anmeldung'], 'fact.subscribed': ['Subscribed to', 'Abonniert'], 'fact.certificate': ['Certificate', 'Zertifikat'], 'valid-until': ['valid until {at}', 'gültig bis {at}'],
  renews: ['renews itself {at}', 'erneuert sich {at}'], over: ['its token ended {at}', 'ihr Token endete {at}'], until: ['valid until {at}, extended each hour', 'gültig bis {at}, stündlich verlängert'],

  quota: ['Calls of BMW’s REST API', 'Abrufe von BMWs REST-API'], 'quota.soon': ['They are being counted.', 'Sie werden gezählt.'],
  'quota.says': ['{used} of {limit} used in 24 hours; {remaining} left, {reserve} of them in reserve.', '{used} von {limit} in 24 Stunden verbraucht; {remaining} übrig, davon {reserve} als Reserve.'],
  'quota.blocked': ['BMW takes no more until {at}.', 'BMW nimmt bis {at} keine mehr an.'],
  plan: ['What is fetched next, and why', 'Was als Nächstes geholt wird, und warum'], left: ['not by itself', 'nicht von selbst'], calls: ['Last calls', 'Letzte Abrufe'], answer: ['Answer', 'Antwort'], 'no-answer': ['no answer', 'keine Antwort'],

  cars: ['Vehicles', 'Fahrzeuge'], 'cars.none': ['No car has sent anything yet.', 'Noch hat kein Auto etwas gesendet.'], car: ['Vehicle', 'Fahrzeug'], messages: ['Messages', 'Nachrichten'],
  newest: ['newest value {at}', 'neuester Wert {at}'],

  sinks: ['Sinks', 'Ziele'], 'sinks.says': ['Where the data goes. A slow or absent target loses nothing: the journal keeps what it still has to get.', 'Wohin die Daten gehen. Ein langsames oder fehlendes Ziel verliert nichts: Das Journal bewahrt auf, was es noch bekommt.'],
  sink: ['Sink', 'Ziel'], sent: ['Delivered', 'Geliefert'], waiting: ['Waiting', 'Wartend'], off: ['Switched off: {names}', 'Abgeschaltet: {names}'],
  up: ['Works', 'Läuft'], down: ['Target away', 'Nicht erreichbar'], broken: ['File broken', 'Datei fehlerhaft'], disabled: ['Off', 'Aus'],
  'down.says': ['Its target does not take the data. The bridge tries on by itself and drops nothing.', 'Das Ziel nimmt die Daten nicht an. Die Bridge versucht es von selbst weiter und verwirft nichts.'],
  'broken.says': ['Its file in the routes folder cannot be used. Mended, it is taken up within seconds.', 'Seine Datei im Ordner routes ist nicht verwendbar. Berichtigt gilt sie nach Sekunden.'],
  'disabled.says': ['Its route is stopped.', 'Seine Route ist angehalten.'],
  failed: ['{n} were refused for good and set aside; they can be replayed.', '{n} wurden endgültig abgelehnt und beiseitegelegt; sie lassen sich nachspielen.'],
  lost: ['{n} were lost: the journal does not reach back far enough.', '{n} gingen verloren: Das Journal reicht nicht weit genug zurück.'],

  journal: ['Journal', 'Journal'], cannot: ['Cannot store', 'Speichert nicht'], 'fact.events': ['Values kept', 'Aufbewahrte Werte'], 'fact.bytes': ['Size', 'Größe'], 'fact.oldest': ['Reaches back to', 'Reicht zurück bis'],
  'fact.duplicates': ['Duplicates left out', 'Ausgelassene Duplikate'], 'fact.unparsed': ['Unreadable messages', 'Unlesbare Nachrichten'], 'fact.started': ['Bridge started', 'Start der Bridge'],
  problems: ['Route files that cannot be used', 'Nicht verwendbare Routendateien']
});

/** Why a connection ended, in German; in English the bridge says it itself. */
export const REASONS = {
  filter: '{peer} verweigerte das Abonnement', token: 'Das Token der Stunde war abgelaufen', journal: 'Die Bridge konnte nicht speichern', dns: 'Der Name des Servers von {peer} wurde nicht gefunden',
  auth: '{peer} nahm die Anmeldung nicht an', takeover: 'Ein anderes Programm übernahm die Verbindung', quota: '{peer} meldet zu viele Verbindungen',
  server: 'Der Server von {peer} beendete sie oder ist nicht verfügbar', hour: 'Höchstdauer einer Verbindung erreicht', away: 'Der Server von {peer} antwortete nicht', network: 'Die Netzverbindung brach ab',
  certificate: 'Die drei Dateien sind nicht verwendbar', ours: '{peer} nimmt das Zertifikat nicht an',
  tls: 'Die Verschlüsselung (TLS) kam nicht zustande', closed: 'Ohne Grund beendet', rebuilt: 'Von der Bridge neu aufgebaut', silent: '{peer} antwortete nicht rechtzeitig'
};
