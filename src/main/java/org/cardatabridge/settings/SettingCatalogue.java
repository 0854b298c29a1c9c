// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.cardatabridge.settings.SettingDefinition.setting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.Vin;

/**
 * Every setting there is: the one source for checking, for defaults and for the docs. Holds nothing
 * but constants.
 */
final class SettingCatalogue {

  private static final String OWN = "cardata.";
  private static final Pattern ACCOUNT_KEY =
      Pattern.compile("cardata\\.account\\.([a-z0-9-]+)\\.(.+)");
  private static final Pattern SINK_KEY = Pattern.compile("cardata\\.sink\\.([^.]+)\\..+");
  private static final Pattern VEHICLE_KEY = Pattern.compile("cardata\\.vehicle\\.(.+)\\.([^.]*)");
  private static final Pattern LOOKS_LIKE_VIN =
      Pattern.compile("(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{17}(?![A-Za-z0-9])");
  private static final Set<String> SECRET_NAMES =
      Set.of(
          "password",
          "token",
          "api-key",
          "secret",
          "username",
          "client-id",
          "access-key",
          "secret-key");

  private static final String OF_CERTIFICATES = "cardata.highmobility.";

  /** What a certificate takes too of that which is for BMW accounts. */
  private static final Set<String> OF_BOTH =
      Set.of("cardata.vins", "cardata.stream.keep-alive", "cardata.stream.quiet-after");

  private static final String BY_LAYOUT = "the layout may set another";

  private static final List<SettingDefinition> ALL =
      List.of(
          setting(
                  "cardata.client-id",
                  SettingType.TEXT,
                  null,
                  "CarData client id from BMW's portal; without one the bridge starts, says what to"
                      + " do and serves the set-up page.")
              .changeable()
              .kept()
              .eachAccount(),
          setting(
                  "cardata.accounts",
                  SettingType.ACCOUNTS,
                  "main",
                  "Names of the BMW accounts this bridge serves.")
              .note("none where High Mobility is on and nothing of BMW is set"),
          setting(
                  "cardata.scope",
                  SettingType.TEXT,
                  "authenticate_user openid cardata:api:read cardata:streaming:read",
                  "Scopes asked for at login, separated by blanks; their order does not matter.")
              .eachAccount(),
          setting(
                  "cardata.auth.url",
                  SettingType.BASE_URL,
                  "https://customer.bmwgroup.com",
                  "Base URL of the authorisation server.")
              .eachAccount(),
          setting(
                  "cardata.auth.device-code-path",
                  SettingType.URL_PATH,
                  "/gcdm/oauth/device/code",
                  "Path of the device-code endpoint below the base URL.")
              .eachAccount(),
          setting(
                  "cardata.auth.token-path",
                  SettingType.URL_PATH,
                  "/gcdm/oauth/token",
                  "Path of the token endpoint below the base URL.")
              .eachAccount(),
          setting(
                  "cardata.auth.refresh-before",
                  SettingType.DURATION,
                  "10m",
                  "How long before the id token expires it is refreshed; a token that lives less"
                      + " than twice that is refreshed at two thirds of its life.")
              .eachAccount(),
          setting(
                  "cardata.api.url",
                  SettingType.BASE_URL,
                  "https://api-cardata.bmwgroup.com",
                  "Base URL of the REST API.")
              .eachAccount(),
          setting(
                  "cardata.api.enabled",
                  SettingType.FLAG,
                  "true",
                  "Whether the REST API is asked at all; without it, only the stream is used.")
              .eachAccount(),
          setting(
                  "cardata.api.daily-limit",
                  SettingType.integer(0, Integer.MAX_VALUE),
                  "50",
                  "REST calls that BMW allows within 24 hours.")
              .eachAccount(),
          setting(
                  "cardata.api.reserve",
                  SettingType.integer(0, Integer.MAX_VALUE),
                  "10",
                  "How many of them are kept for gaps of the stream, half of them also for what you"
                      + " ask for.")
              .eachAccount(),
          setting(
                  "cardata.api.version",
                  SettingType.TEXT,
                  "v1",
                  "Version header of the REST calls.")
              .eachAccount(),
          setting(
                  "cardata.api.accept-language",
                  SettingType.TEXT,
                  "en",
                  "Language header of the REST calls.")
              .eachAccount(),
          setting(
                  "cardata.api.container.name",
                  SettingType.TEXT,
                  "cardata-bridge",
                  "Name of the container that the bridge makes at BMW for telematicData.")
              .eachAccount(),
          setting(
                  "cardata.api.container.purpose",
                  SettingType.TEXT,
                  "bridge",
                  "Purpose of that container; name and purpose tell it from others' containers.")
              .eachAccount(),
          setting(
                  "cardata.api.container.descriptors",
                  SettingType.LIST,
                  null,
                  "Descriptors of that container, or globs over the known ones such as"
                      + " vehicle.cabin.door.*; 100 at most.")
              .note("a set that suits the cars")
              .eachAccount(),
          setting(
              "cardata.api.requests",
              SettingType.FLAG,
              "true",
              "Whether requests on the local broker's topics <base>/bridge/request/<action> are"
                  + " carried out."),
          setting(
                  "cardata.api.plan",
                  SettingType.FLAG,
                  "true",
                  "Whether the bridge fetches from the REST API by itself, by the plan of "
                      + "docs/rest.md.")
              .eachAccount(),
          setting(
              "cardata.api.tick",
              SettingType.DURATION,
              "10s",
              "How often the plan is looked at; it makes one call at a time."),
          setting(
                  "cardata.api.gap-after",
                  SettingType.DURATION,
                  "10m",
                  "Once the stream was away for this long, the last values of each car are "
                      + "asked for.")
              .eachAccount(),
          setting(
                  "cardata.api.silent-after",
                  SettingType.DURATION,
                  "30m",
                  "Without news from the stream for this long, a car that drives or charges is "
                      + "asked for its last values.")
              .eachAccount(),
          setting(
                  "cardata.api.poll-every",
                  SettingType.DURATION_OR_OFF,
                  "30m",
                  "The least time between two such calls; the fewer calls the day has left, "
                      + "the longer it becomes.")
              .eachAccount(),
          setting(
                  "cardata.api.mappings.cron",
                  SettingType.CRON,
                  null,
                  "When it is asked which cars the account has, instead of by the plan.")
              .note("the plan")
              .eachAccount(),
          setting(
                  "cardata.api.basic-data.cron",
                  SettingType.CRON,
                  null,
                  "When model and equipment are fetched, instead of by the plan.")
              .note("the plan")
              .eachAccount(),
          setting(
                  "cardata.api.telematic-data.cron",
                  SettingType.CRON,
                  null,
                  "When last values are fetched, instead of by the plan.")
              .note("the plan")
              .eachAccount(),
          setting(
                  "cardata.api.charging-history.cron",
                  SettingType.CRON,
                  null,
                  "When the charging history is fetched, instead of by the plan.")
              .note("the plan")
              .eachAccount(),
          setting(
                  "cardata.api.image.cron",
                  SettingType.CRON,
                  null,
                  "When the picture is fetched, instead of by the plan.")
              .note("the plan")
              .eachAccount(),
          setting(
                  "cardata.api.tyres.cron",
                  SettingType.CRON,
                  null,
                  "When the tyres are checked, instead of by the plan.")
              .note("the plan")
              .eachAccount(),
          setting(
                  "cardata.api.charging-settings.cron",
                  SettingType.CRON,
                  null,
                  "When charging settings of places are fetched, instead of by the plan.")
              .note("the plan")
              .eachAccount(),
          setting(
                  "cardata.stream.host",
                  SettingType.HOST,
                  "customer.streaming-cardata.bmwgroup.com",
                  "Host of BMW's MQTT broker.")
              .eachAccount(),
          setting(
                  "cardata.stream.port",
                  SettingType.REMOTE_PORT,
                  "9000",
                  "Port of BMW's MQTT broker, always TLS.")
              .eachAccount(),
          setting(
                  "cardata.stream.username",
                  SettingType.TEXT,
                  null,
                  "User name for BMW's broker, needed only where the token answer brings no gcid;"
                      + " {gcid} in other settings means this name.")
              .kept()
              .note("gcid of the token answer")
              .eachAccount(),
          setting(
                  "cardata.stream.topics",
                  SettingType.LIST,
                  "{gcid}/+",
                  "Topic filters to subscribe to, comma separated.")
              .eachAccount(),
          setting(
                  "cardata.stream.keep-alive",
                  SettingType.DURATION,
                  "30s",
                  "Longest pause on the connection before a ping is sent; BMW drops clients that"
                      + " are idle for 60 s.")
              .eachAccount(),
          setting(
                  "cardata.stream.qos",
                  SettingType.QOS,
                  "1",
                  "Quality of service asked for at BMW's broker.")
              .eachAccount(),
          setting(
                  "cardata.stream.client-id",
                  SettingType.TEXT,
                  "{gcid}",
                  "MQTT client id at BMW's broker; it has to stay the same for a kept session.")
              .kept()
              .eachAccount(),
          setting(
                  "cardata.stream.session-expiry",
                  SettingType.DURATION_OR_ZERO,
                  "24h",
                  "How long BMW's broker is asked to keep our session while we are away; 0s asks"
                      + " for a clean start.")
              .eachAccount(),
          setting(
                  "cardata.stream.quiet-after",
                  SettingType.DURATION,
                  "6h",
                  "Without a message for this long the stream is shown as quiet; that alone never"
                      + " reconnects.")
              .eachAccount(),
          setting(
              "cardata.watchdog.tick",
              SettingType.DURATION,
              "15s",
              "How often the watchdog looks at the connection."),
          setting(
              "cardata.watchdog.disconnected-for",
              SettingType.DURATION,
              "30s",
              "Disconnected for this long with no attempt planned or under way counts as a stall."),
          setting(
                  "cardata.watchdog.silent-while-active",
                  SettingType.DURATION_OR_OFF,
                  null,
                  "Silence for this long while the car is known to be active leads to one"
                      + " reconnect.")
              .note("off"),
          setting(
                  "cardata.units",
                  SettingType.oneOf("metric", "as-sent"),
                  "metric",
                  "metric turns mi, °F and gal into km, °C and L; as-sent leaves them.")
              .changeable(),
          setting(
              "cardata.tls.ca-file",
              SettingType.FILE,
              null,
              "PEM file with further trusted CAs for BMW's endpoints."),
          setting(
                  "cardata.vins",
                  SettingType.LIST,
                  null,
                  "Only these VINs, comma separated; other cars are left out.")
              .changeable()
              .kept()
              .note("all")
              .eachAccount(),
          setting(
                  "cardata.vehicle.<VIN>.alias",
                  SettingType.ALIAS,
                  null,
                  "Name used instead of the VIN in topics, tags and pages; each name once.")
              .changeable(),
          setting(
                  "cardata.highmobility.enabled",
                  SettingType.FLAG,
                  "false",
                  "Switch of High Mobility's MQTT broker, a second source beside BMW.")
              .changeable()
              .eachAccount(),
          setting(
              "cardata.highmobility.accounts",
              SettingType.ACCOUNTS,
              "highmobility",
              "Names of High Mobility's certificates, each of which is an account; none of them may"
                  + " be in cardata.accounts too."),
          setting(
                  "cardata.highmobility.host",
                  SettingType.HOST,
                  "mqtt.high-mobility.com",
                  "Host of High Mobility's MQTT broker.")
              .eachAccount(),
          setting(
                  "cardata.highmobility.port",
                  SettingType.REMOTE_PORT,
                  "8883",
                  "Port of High Mobility's MQTT broker, always TLS.")
              .eachAccount(),
          setting(
                  "cardata.highmobility.app-id",
                  SettingType.APP_ID,
                  null,
                  "Id of your application at High Mobility; {app-id} in the topic means this.")
              .kept()
              .note("the name in the certificate, where it is such an id")
              .changeable()
              .eachAccount(),
          setting(
                  "cardata.highmobility.topic",
                  SettingType.ONE_FILTER,
                  "live/level13/{app-id}/#",
                  "The one topic filter that High Mobility allows.")
              .changeable()
              .eachAccount(),
          setting(
                  "cardata.highmobility.ca-file",
                  SettingType.PATH,
                  null,
                  "File with High Mobility's root certificate, <client id>-ca_certificates.pem.")
              .note("the CAs that Java trusts")
              .eachAccount(),
          setting(
                  "cardata.highmobility.client-cert-file",
                  SettingType.PATH,
                  null,
                  "File with your certificate, <client id>-certificate.pem.crt.")
              .eachAccount(),
          setting(
                  "cardata.highmobility.client-key-file",
                  SettingType.PATH,
                  null,
                  "File with the private key of your certificate, <client id>-private.pem.key.")
              .eachAccount(),
          setting(
                  "cardata.highmobility.client-id",
                  SettingType.TEXT,
                  null,
                  "MQTT client id, which is the id of your certificate.")
              .kept()
              .note("read from the certificate or the name of its file")
              .eachAccount(),
          setting(
                  "cardata.highmobility.protocol",
                  SettingType.oneOf("5", "3.1.1"),
                  "5",
                  "Version of MQTT that is spoken with High Mobility's broker.")
              .changeable()
              .eachAccount(),
          setting(
                  "cardata.highmobility.session-expiry",
                  SettingType.DURATION_OR_ZERO,
                  "7d",
                  "How long High Mobility's broker is asked to keep what comes while we are away; 0s"
                      + " asks for a clean start.")
              .eachAccount(),
          setting(
              "cardata.highmobility.s3.enabled",
              SettingType.FLAG,
              "false",
              "Switch of the bucket into which High Mobility delivers, beside MQTT or in its"
                  + " place."),
          setting(
              "cardata.highmobility.s3.bucket",
              SettingType.TEXT,
              null,
              "Bucket that High Mobility writes to."),
          setting(
              "cardata.highmobility.s3.prefix",
              SettingType.TEXT,
              null,
              "What the names of High Mobility's objects begin with."),
          setting(
              "cardata.highmobility.s3.region", SettingType.TEXT, null, "Region of that bucket."),
          setting(
              "cardata.highmobility.s3.endpoint",
              SettingType.HTTP_URL,
              null,
              "Endpoint of an S3 server other than Amazon's, for that bucket."),
          setting(
                  "cardata.highmobility.s3.access-key",
                  SettingType.TEXT,
                  null,
                  "Access key for that bucket.")
              .kept(),
          setting(
                  "cardata.highmobility.s3.secret-key",
                  SettingType.TEXT,
                  null,
                  "Secret key for that bucket.")
              .kept(),
          setting(
              "cardata.highmobility.s3.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of that endpoint, where the JVM does not know it."),
          setting(
              "cardata.highmobility.s3.every",
              SettingType.DURATION,
              "1m",
              "How often that bucket is looked at."),
          setting(
                  "cardata.home.latitude",
                  SettingType.LATITUDE,
                  null,
                  "Latitude of the middle of your home zone, in degrees, south negative.")
              .kept(),
          setting(
                  "cardata.home.longitude",
                  SettingType.LONGITUDE,
                  null,
                  "Longitude of the middle of your home zone, in degrees, west negative.")
              .kept(),
          setting(
              "cardata.home.radius",
              SettingType.DISTANCE,
              "500m",
              "How far your home zone reaches from its middle."),
          setting(
              "cardata.derived.enabled",
              SettingType.FLAG,
              "false",
              "Whether values are worked out from values: docs/derived.md."),
          setting(
                  "cardata.derived.battery",
                  SettingType.BATTERIES,
                  null,
                  "Usable energy of the drive battery in kWh, of every car or by VIN or alias.")
              .kept()
              .note("what the car says"),
          setting(
              "cardata.derived.loss",
              SettingType.integer(0, 50),
              "8",
              "Percent of what a wall box gives that do not reach the battery."),
          setting(
              "cardata.derived.tariff",
              SettingType.TARIFF,
              null,
              "Price of a kilowatt-hour, in local time, for the cost of trips and charges."),
          setting(
              "cardata.derived.silence",
              SettingType.DURATION,
              "30m",
              "Without news of a charge for this long its state of charge is not extrapolated."),
          setting(
              "cardata.derived.trip-pause",
              SettingType.DURATION,
              "10m",
              "A stop that is shorter belongs to the trip."),
          setting(
              "cardata.data-dir",
              SettingType.PATH,
              "data",
              "Directory of tokens, journal and ledgers."),
          setting(
              "cardata.journal.sync",
              SettingType.oneOf("full", "normal"),
              "full",
              "What was acknowledged survives a killed process (normal), a power cut too (full)."),
          setting(
              "cardata.journal.keep",
              SettingType.DURATION,
              "400d",
              "How long messages and their history are kept."),
          setting(
              "cardata.journal.max-size",
              SettingType.SIZE,
              "2GB",
              "How large the journal may become before the oldest messages go."),
          setting(
              "cardata.routes.dir", SettingType.PATH, "routes", "Directory of the route files."),
          setting(
              "cardata.routes.reload",
              SettingType.FLAG,
              "true",
              "Whether a route file that is new, changed or gone takes effect by itself, within 2 s;"
                  + " otherwise at the next start."),
          setting(
              "cardata.embedded.host",
              SettingType.TEXT,
              "127.0.0.1",
              "Address at which the embedded broker listens."),
          setting(
              "cardata.embedded.port",
              SettingType.PORT,
              "1883",
              "Port of the embedded broker; 0 takes a free one."),
          setting(
              "cardata.http.host",
              SettingType.TEXT,
              "127.0.0.1",
              "Address of page, API, health and metrics."),
          setting(
              "cardata.http.port",
              SettingType.PORT,
              "8080",
              "Port of page, API, health and metrics; 0 takes a free one."),
          setting(
                  "cardata.http.password",
                  SettingType.TEXT,
                  null,
                  "When set, everything but health asks for it (HTTP Basic, any user name).")
              .kept(),
          setting(
              "cardata.log.format",
              SettingType.oneOf("text", "json"),
              "text",
              "Form of the log's lines."),
          setting(
              "cardata.log.level",
              SettingType.oneOf("off", "error", "warn", "info", "debug", "trace"),
              "info",
              "The least level that is logged."),
          setting(
              "cardata.log.file",
              SettingType.PATH,
              null,
              "File to log to as well as to standard output; rolled by day and at 10 MB, at most"
                  + " 14 days and 100 MB are kept."),
          setting(
              "cardata.sink.<name>.enabled",
              SettingType.FLAG,
              null,
              "Switch of a sink of your own, where its route file has such a switch."),
          setting(
              "cardata.sink.<name>.attempts",
              SettingType.integer(1, Integer.MAX_VALUE),
              "10",
              "How often an event may fail before it is set aside, once the event after it"
                  + " passes."),
          setting(
                  "cardata.sink.<name>.include",
                  SettingType.LIST,
                  null,
                  "Only descriptors that match one of these globs, comma separated.")
              .note("all"),
          setting(
              "cardata.sink.<name>.exclude",
              SettingType.LIST,
              null,
              "No descriptors that match one of these globs, comma separated."),
          setting(
                  "cardata.sink.<name>.vins",
                  SettingType.LIST,
                  null,
                  "Only these VINs for this sink, comma separated.")
              .kept()
              .note("all"),
          setting(
              "cardata.sink.<name>.blur-home",
              SettingType.FLAG,
              "false",
              "Whether positions inside your home zone are blurred for this sink."),
          setting(
                  "cardata.sink.mqtt.enabled",
                  SettingType.FLAG,
                  "true",
                  "Switch of the local MQTT topics.")
              .changeable(),
          setting(
                  "cardata.sink.mqtt.url",
                  SettingType.BROKER_URL,
                  "tcp://localhost:1883",
                  "Your MQTT broker; embedded stands for a broker inside the bridge.")
              .changeable(),
          setting("cardata.sink.mqtt.username", SettingType.TEXT, null, "User name at your broker.")
              .changeable()
              .kept(),
          setting("cardata.sink.mqtt.password", SettingType.TEXT, null, "Password at your broker.")
              .changeable()
              .kept(),
          setting(
              "cardata.sink.mqtt.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of your broker, where the JVM does not know it."),
          setting(
              "cardata.sink.mqtt.client-cert-file",
              SettingType.FILE,
              null,
              "PEM file with our certificate for your broker."),
          setting(
              "cardata.sink.mqtt.client-key-file",
              SettingType.FILE,
              null,
              "PEM file with the key of that certificate (PKCS#8, not encrypted)."),
          setting(
                  "cardata.sink.mqtt.client-id",
                  SettingType.TEXT,
                  null,
                  "MQTT client id at your broker.")
              .note("made once"),
          setting(
                  "cardata.sink.mqtt.layout",
                  SettingType.oneOf("default", "bausi2k", "dj0abr"),
                  "default",
                  "Topics and payloads: our own, or exactly those of an older bridge.")
              .changeable()
              .note("bausi2k where LOCAL_MQTT_URL or LOCAL_MQTT_BASETOPIC is given"),
          setting(
                  "cardata.sink.mqtt.base-topic",
                  SettingType.TOPIC,
                  "cardata",
                  "What each topic begins with.")
              .changeable()
              .note(BY_LAYOUT),
          setting(
                  "cardata.sink.mqtt.qos",
                  SettingType.QOS,
                  "1",
                  "Quality of service of what is published.")
              .note(BY_LAYOUT),
          setting(
                  "cardata.sink.mqtt.retain",
                  SettingType.FLAG,
                  "true",
                  "Whether your broker keeps the newest value for clients that come later.")
              .note(BY_LAYOUT),
          setting(
              "cardata.sink.mqtt.leaves",
              SettingType.oneOf("none", "value", "all"),
              "value",
              "Topics beside the JSON one: none, /value, or /value, /unit and /timestamp."),
          setting(
              "cardata.sink.mqtt.append-vin",
              SettingType.FLAG,
              "false",
              "With layout bausi2k: whether the VIN stands behind the base topic"
                  + " (LOCAL_MQTT_APPEND_VIN)."),
          setting(
                  "cardata.sink.mqtt-raw.enabled",
                  SettingType.FLAG,
                  "false",
                  "Switch of the raw relay: BMW's bytes, untouched.")
              .changeable(),
          setting(
              "cardata.sink.mqtt-raw.prefix",
              SettingType.TOPIC,
              "bmw/",
              "What each topic of the raw relay begins with."),
          setting(
              "cardata.sink.mqtt-raw.retain",
              SettingType.FLAG,
              "false",
              "Whether your broker keeps the last raw message."),
          raw("url", SettingType.BROKER_URL, "Broker of the raw relay."),
          raw("username", SettingType.TEXT, "User name at that broker.").kept(),
          raw("password", SettingType.TEXT, "Password at that broker.").kept(),
          raw("ca-file", SettingType.FILE, "PEM file with the CA of that broker."),
          raw("client-cert-file", SettingType.FILE, "PEM file with our certificate there."),
          raw("client-key-file", SettingType.FILE, "PEM file with the key of that certificate."),
          setting(
                  "cardata.sink.homeassistant.enabled",
                  SettingType.FLAG,
                  "false",
                  "Switch of Home Assistant discovery.")
              .changeable(),
          setting(
              "cardata.sink.homeassistant.prefix",
              SettingType.TOPIC,
              "homeassistant",
              "Home Assistant's discovery prefix."),
          setting(
                  "cardata.sink.homeassistant.language",
                  SettingType.oneOf("en", "de"),
                  "en",
                  "Language of the entities' names.")
              .changeable(),
          setting(
                  "cardata.sink.homeassistant.entities",
                  SettingType.PATH,
                  null,
                  "YAML file with rows that go before those of the bridge's table of entities.")
              .note("config/homeassistant.yaml where it exists"),
          setting(
              "cardata.sink.influxdb.enabled",
              SettingType.FLAG,
              "false",
              "Switch of the InfluxDB sink."),
          setting("cardata.sink.influxdb.url", SettingType.HTTP_URL, null, "Base URL of InfluxDB."),
          setting(
              "cardata.sink.influxdb.version",
              SettingType.oneOf("1", "2", "3"),
              "2",
              "Write API of InfluxDB: 1 takes database, user name and password; 2 and 3 take org,"
                  + " bucket and token."),
          setting(
                  "cardata.sink.influxdb.token",
                  SettingType.TEXT,
                  null,
                  "Token for InfluxDB 2 and 3.")
              .kept(),
          setting("cardata.sink.influxdb.org", SettingType.TEXT, null, "Organisation in InfluxDB."),
          setting("cardata.sink.influxdb.bucket", SettingType.TEXT, null, "Bucket in InfluxDB."),
          setting(
              "cardata.sink.influxdb.database", SettingType.TEXT, null, "Database in InfluxDB 1."),
          setting(
                  "cardata.sink.influxdb.username",
                  SettingType.TEXT,
                  null,
                  "User name for InfluxDB 1.")
              .kept(),
          setting(
                  "cardata.sink.influxdb.password",
                  SettingType.TEXT,
                  null,
                  "Password for InfluxDB 1.")
              .kept(),
          setting(
              "cardata.sink.influxdb.measurement",
              SettingType.TEXT,
              "cardata",
              "Measurement to write to."),
          setting(
              "cardata.sink.influxdb.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of InfluxDB, where the JVM does not know it."),
          setting("cardata.sink.sql.enabled", SettingType.FLAG, "false", "Switch of the SQL sink."),
          setting(
                  "cardata.sink.sql.url",
                  SettingType.JDBC_URL,
                  null,
                  "JDBC URL of the database; never shown, as it may hold a password.")
              .kept(),
          setting("cardata.sink.sql.username", SettingType.TEXT, null, "User name of the database.")
              .kept(),
          setting("cardata.sink.sql.password", SettingType.TEXT, null, "Password of the database.")
              .kept(),
          setting(
              "cardata.sink.sql.table", SettingType.TEXT, "cardata_values", "Table to write to."),
          setting(
              "cardata.sink.sql.create",
              SettingType.FLAG,
              "false",
              "Whether the bridge makes the table, and brings its own one up to date."),
          setting(
              "cardata.sink.http.enabled", SettingType.FLAG, "false", "Switch of the HTTP sink."),
          setting(
                  "cardata.sink.http.url",
                  SettingType.HTTP_URL,
                  null,
                  "URL to post events to; never shown, as it may be a secret.")
              .kept(),
          setting("cardata.sink.http.token", SettingType.TEXT, null, "Bearer token for that URL.")
              .kept(),
          setting(
                  "cardata.sink.http.secret",
                  SettingType.TEXT,
                  null,
                  "Secret with which each request is signed (HMAC).")
              .kept(),
          setting(
              "cardata.sink.http.batch",
              SettingType.integer(1, 10_000),
              "1",
              "Most events in one request; more than 1 sends a list."),
          setting(
                  "cardata.sink.http.header.<header>",
                  SettingType.TEXT,
                  null,
                  "A further header of each request.")
              .kept(),
          setting(
              "cardata.sink.http.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of that URL, where the JVM does not know it."),
          setting(
              "cardata.sink.kafka.enabled", SettingType.FLAG, "false", "Switch of the Kafka sink."),
          setting(
              "cardata.sink.kafka.brokers",
              SettingType.LIST,
              null,
              "Kafka brokers as host:port, comma separated."),
          setting("cardata.sink.kafka.topic", SettingType.TEXT, "cardata", "Topic to write to."),
          setting(
              "cardata.sink.kafka.security-protocol",
              SettingType.oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
              null,
              "How to talk to the brokers: with TLS (SSL), with a login (SASL), or both."),
          setting(
              "cardata.sink.kafka.sasl-mechanism",
              SettingType.oneOf("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
              "PLAIN",
              "How to log in."),
          setting(
                  "cardata.sink.kafka.username",
                  SettingType.TEXT,
                  null,
                  "User name at the brokers.")
              .kept(),
          setting("cardata.sink.kafka.password", SettingType.TEXT, null, "Password at the brokers.")
              .kept(),
          setting(
              "cardata.sink.kafka.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of the brokers, where the JVM does not know it."),
          setting(
              "cardata.sink.kafka.config-file",
              SettingType.FILE,
              null,
              "Properties file for Kafka's client, as its own tools take one; the settings above are"
                  + " stronger."),
          setting(
              "cardata.sink.file.enabled", SettingType.FLAG, "false", "Switch of the file sink."),
          setting(
              "cardata.sink.file.dir",
              SettingType.PATH,
              "data/export",
              "Directory to write files to."),
          setting(
              "cardata.sink.file.roll-after",
              SettingType.DURATION,
              "15m",
              "After this time a file is written, however little is in it."),
          setting(
              "cardata.sink.file.roll-events",
              SettingType.integer(1, 50_000),
              "5000",
              "After so many data points files are written."),
          setting("cardata.sink.s3.enabled", SettingType.FLAG, "false", "Switch of the S3 sink."),
          setting(
              "cardata.sink.s3.endpoint",
              SettingType.HTTP_URL,
              null,
              "Endpoint of an S3 server other than Amazon's."),
          setting("cardata.sink.s3.region", SettingType.TEXT, null, "Region of the bucket."),
          setting("cardata.sink.s3.bucket", SettingType.TEXT, null, "Bucket to write to."),
          setting(
              "cardata.sink.s3.prefix",
              SettingType.TEXT,
              null,
              "What each object's name begins with."),
          setting("cardata.sink.s3.access-key", SettingType.TEXT, null, "Access key.").kept(),
          setting("cardata.sink.s3.secret-key", SettingType.TEXT, null, "Secret key.").kept(),
          setting(
              "cardata.sink.s3.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of that endpoint, where the JVM does not know it."),
          setting(
              "cardata.sink.s3.roll-after",
              SettingType.DURATION,
              "15m",
              "After this time an object is written, however little is in it."),
          setting(
              "cardata.sink.s3.roll-events",
              SettingType.integer(1, 50_000),
              "5000",
              "After so many data points objects are written."),
          setting(
                  "cardata.sink.evcc.enabled",
                  SettingType.FLAG,
                  "false",
                  "Switch of the topics that evcc reads.")
              .changeable(),
          setting(
                  "cardata.sink.homie.enabled",
                  SettingType.FLAG,
                  "false",
                  "Switch of the topics of the Homie convention.")
              .changeable(),
          setting(
              "cardata.sink.homie.domain",
              SettingType.TEXT,
              "homie",
              "First level of the Homie topics."),
          setting(
              "cardata.sink.homie.id",
              SettingType.TEXT,
              "cardata",
              "Id of the bridge's own device, which those of the cars begin with."),
          setting(
                  "cardata.sink.abrp.enabled",
                  SettingType.FLAG,
                  "false",
                  "Switch of A Better Routeplanner.")
              .changeable(),
          setting("cardata.sink.abrp.api-key", SettingType.TEXT, null, "API key of ABRP.")
              .changeable()
              .kept(),
          setting("cardata.sink.abrp.token", SettingType.TEXT, null, "Your car's token at ABRP.")
              .changeable()
              .kept(),
          setting(
                  "cardata.sink.abrp.vehicle.<VIN>.token",
                  SettingType.TEXT,
                  null,
                  "Token of one of several cars, by VIN or alias; cars without one are left out.")
              .kept(),
          setting(
              "cardata.sink.abrp.url",
              SettingType.HTTP_URL,
              "https://api.iternio.com/1/tlm/send",
              "Where telemetry is sent to."),
          setting(
              "cardata.sink.abrp.every",
              SettingType.DURATION,
              "10s",
              "Least time between two calls for a car."),
          setting(
              "cardata.sink.abrp.max-age",
              SettingType.DURATION,
              "15m",
              "What the car measured longer ago than this is not sent."),
          setting(
              "cardata.sink.abrp.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of that URL, where the JVM does not know it."),
          setting(
                  "cardata.sink.notify.enabled",
                  SettingType.FLAG,
                  "false",
                  "Switch of notifications.")
              .changeable(),
          setting(
                  "cardata.sink.notify.telegram.token",
                  SettingType.TEXT,
                  null,
                  "Token of your Telegram bot.")
              .changeable()
              .kept(),
          setting(
                  "cardata.sink.notify.telegram.chat-id",
                  SettingType.TEXT,
                  null,
                  "Telegram chat to write to.")
              .changeable(),
          setting(
              "cardata.sink.notify.telegram.url",
              SettingType.BASE_URL,
              "https://api.telegram.org",
              "Telegram's Bot API, or a server of your own for it."),
          setting(
                  "cardata.sink.notify.ntfy.url",
                  SettingType.HTTP_URL,
                  null,
                  "URL of your ntfy topic; never shown, as whoever knows it reads along.")
              .changeable()
              .kept(),
          setting(
                  "cardata.sink.notify.ntfy.token",
                  SettingType.TEXT,
                  null,
                  "Access token for that topic.")
              .changeable()
              .kept(),
          setting(
                  "cardata.sink.notify.gotify.url",
                  SettingType.HTTP_URL,
                  null,
                  "URL of your Gotify server.")
              .changeable(),
          setting(
                  "cardata.sink.notify.gotify.token",
                  SettingType.TEXT,
                  null,
                  "Application token of Gotify.")
              .changeable()
              .kept(),
          setting(
                  "cardata.sink.notify.webhook.url",
                  SettingType.HTTP_URL,
                  null,
                  "URL that gets each notification as JSON; never shown, as it may be a secret.")
              .changeable()
              .kept(),
          setting(
              "cardata.sink.notify.ca-file",
              SettingType.FILE,
              null,
              "PEM file with the CA of an https URL, where the JVM does not know it."),
          setting(
                  "cardata.sink.notify.language",
                  SettingType.oneOf("en", "de"),
                  "en",
                  "Language of the notifications.")
              .changeable(),
          setting(
              "cardata.sink.notify.zone",
              SettingType.TEXT,
              null,
              "Time zone of quiet hours and of times in messages, such as Europe/Berlin; without it the system's, in a container often UTC."),
          setting(
                  "cardata.sink.notify.quiet-hours",
                  SettingType.QUIET,
                  null,
                  "Hours, in local time, in which nothing is sent that can wait.")
              .changeable(),
          setting(
              "cardata.sink.notify.urgent",
              SettingType.LIST,
              "login-needed",
              "Rules that speak in quiet hours too."),
          setting(
              "cardata.sink.notify.group-for",
              SettingType.DURATION,
              "5s",
              "What is found within this time goes out as one message."),
          setting(
              "cardata.sink.notify.max-age",
              SettingType.DURATION,
              "2h",
              "Data older than this say nothing, as after a time without the bridge."),
          setting(
              "cardata.sink.notify.page-url",
              SettingType.HTTP_URL,
              null,
              "The bridge's page as your phone reaches it, for messages that send you there."),
          setting(
              "cardata.sink.notify.login-needed.enabled",
              SettingType.FLAG,
              "true",
              "BMW wants a login; with link and code."),
          setting(
              "cardata.sink.notify.login-needed.begin",
              SettingType.FLAG,
              "true",
              "Begin a login, once for each reason, so that the message has link and code."),
          setting(
              "cardata.sink.notify.login-needed.after",
              SettingType.DURATION,
              "30s",
              "How long to wait for that code before the message goes out without."),
          setting(
              "cardata.sink.notify.refresh-failing.enabled",
              SettingType.FLAG,
              "true",
              "The tokens have run out and cannot be renewed."),
          setting(
              "cardata.sink.notify.refresh-failing.after",
              SettingType.DURATION,
              "10m",
              "After this time without tokens."),
          setting(
              "cardata.sink.notify.login-ending.enabled",
              SettingType.FLAG,
              "true",
              "The login ends soon, as its tokens were not renewed."),
          setting(
              "cardata.sink.notify.login-ending.before",
              SettingType.DURATION,
              "2d",
              "So long before its end."),
          setting(
              "cardata.sink.notify.scope-missing.enabled",
              SettingType.FLAG,
              "true",
              "The login lacks a scope that was asked for."),
          setting(
              "cardata.sink.notify.certificate-ending.enabled",
              SettingType.FLAG,
              "true",
              "High Mobility's certificate ends soon: 28, 14, 7, 3 and 1 days before, and then."),
          setting(
              "cardata.sink.notify.stream-refused.enabled",
              SettingType.FLAG,
              "true",
              "BMW or High Mobility refuses the stream."),
          setting(
              "cardata.sink.notify.stream-refused.after",
              SettingType.DURATION,
              "15m",
              "After this time."),
          setting(
              "cardata.sink.notify.stream-lost.enabled",
              SettingType.FLAG,
              "false",
              "There is no stream, whatever the reason; mostly it passes by itself."),
          setting(
              "cardata.sink.notify.stream-lost.after",
              SettingType.DURATION,
              "2h",
              "After this time."),
          setting(
              "cardata.sink.notify.quota-exhausted.enabled",
              SettingType.FLAG,
              "true",
              "BMW's quota is used up."),
          setting(
              "cardata.sink.notify.client-fight.enabled",
              SettingType.FLAG,
              "true",
              "Another client takes the stream away."),
          setting(
              "cardata.sink.notify.client-fight.times",
              SettingType.integer(1, 20),
              "3",
              "So many times within 10 minutes."),
          setting(
              "cardata.sink.notify.charge-finished.enabled",
              SettingType.FLAG,
              "true",
              "Charging has ended as it should."),
          setting(
              "cardata.sink.notify.charge-finished.after",
              SettingType.DURATION,
              "1m",
              "So long after it, as the last state of charge comes late."),
          setting(
              "cardata.sink.notify.charging-stopped.enabled",
              SettingType.FLAG,
              "true",
              "Charging has ended before it was done, and the cable is plugged in."),
          setting(
              "cardata.sink.notify.charging-stopped.after",
              SettingType.DURATION,
              "5m",
              "After this time without going on."),
          setting(
              "cardata.sink.notify.left-unlocked.enabled",
              SettingType.FLAG,
              "true",
              "The doors are not locked, and nobody drives."),
          setting(
              "cardata.sink.notify.left-unlocked.after",
              SettingType.DURATION,
              "10m",
              "After this time."),
          setting(
              "cardata.sink.notify.window-open.enabled",
              SettingType.FLAG,
              "true",
              "A window or the roof is open, and nobody drives."),
          setting(
              "cardata.sink.notify.window-open.after",
              SettingType.DURATION,
              "15m",
              "After this time."),
          setting(
              "cardata.sink.notify.tyre-low.enabled",
              SettingType.FLAG,
              "true",
              "A tyre has too little pressure."),
          setting(
              "cardata.sink.notify.tyre-low.below",
              SettingType.integer(1, 100),
              "85",
              "Below so many percent of the pressure that the car wants."),
          setting(
              "cardata.sink.notify.tyre-low.below-kpa",
              SettingType.integer(1, 1000),
              null,
              "Below so many kPa, where the car does not tell what it wants."),
          setting(
              "cardata.sink.notify.<rule>.enabled",
              SettingType.FLAG,
              null,
              "Switch of a rule of your own."));

  private static final Map<String, SettingDefinition> PLAIN =
      ALL.stream()
          .filter(definition -> !definition.isPattern())
          .collect(
              Collectors.toMap(
                  SettingDefinition::key,
                  definition -> definition,
                  (a, b) -> a,
                  LinkedHashMap::new));

  private static final List<KeyPattern> PATTERNS =
      ALL.stream()
          .filter(SettingDefinition::isPattern)
          .map(definition -> new KeyPattern(definition, definition.keys()))
          .toList();

  private static final Set<String> SINKS =
      PLAIN.keySet().stream()
          .map(SINK_KEY::matcher)
          .filter(Matcher::matches)
          .map(match -> match.group(1))
          .collect(Collectors.toCollection(TreeSet::new));

  /** How the rules of types begin that name nobody. */
  private static final List<String> HARMLESS = List.of("a whole number", "a duration", "a size");

  private SettingCatalogue() {}

  private static SettingDefinition raw(String name, SettingType type, String meaning) {
    return setting("cardata.sink.mqtt-raw." + name, type, null, meaning)
        .note("as cardata.sink.mqtt." + name);
  }

  /** A definition that stands for many keys, and what matches them. */
  private record KeyPattern(SettingDefinition definition, Pattern keys) {}

  /** Every definition, in the order of the docs. */
  static List<SettingDefinition> all() {
    return ALL;
  }

  /** The definition that stands for a key, be it plain, per account or by a pattern. */
  static Optional<SettingDefinition> find(String key) {
    SettingDefinition plain = PLAIN.get(key);
    if (plain != null) {
      return Optional.of(plain);
    }
    Matcher account = ACCOUNT_KEY.matcher(key);
    if (account.matches()) {
      return Optional.ofNullable(PLAIN.get(OWN + account.group(2)))
          .filter(SettingDefinition::perAccount);
    }
    return PATTERNS.stream()
        .filter(pattern -> pattern.keys().matcher(key).matches())
        .map(KeyPattern::definition)
        .findFirst();
  }

  /** The definition of a key that the page may change; empty for every other key. */
  static Optional<SettingDefinition> onPage(String key) {
    return find(key).filter(SettingDefinition::onPage);
  }

  /** Whether the key lies below a sink that is not ours, where anything goes. */
  static boolean isFree(String key) {
    Matcher sink = SINK_KEY.matcher(key);
    return sink.matches() && !SINKS.contains(sink.group(1));
  }

  /** Whether the value of a key is never shown and may come from a file. */
  static boolean isSecret(String key) {
    return find(key)
        .map(SettingDefinition::secret)
        .orElseGet(
            () -> isFree(key) && SECRET_NAMES.contains(key.substring(key.lastIndexOf('.') + 1)));
  }

  /**
   * Whether a value names nobody and nothing: a default, a number, a span of time, one of few
   * words.
   */
  static boolean isHarmless(String key, String value) {
    return find(key)
        .filter(definition -> !definition.secret())
        .filter(
            definition ->
                definition.builtIn().filter(value::equals).isPresent()
                    || HARMLESS.stream().anyMatch(definition.type().takes()::startsWith)
                    || List.of(definition.type().takes().split(", | or ")).contains(value))
        .isPresent();
  }

  /** The account that a key is for, where it is for one. */
  static Optional<String> accountOf(String key) {
    Matcher account = ACCOUNT_KEY.matcher(key);
    return account.matches() ? Optional.of(account.group(1)) : Optional.empty();
  }

  /** Whether a certificate of High Mobility can have this setting for itself. */
  static boolean isForCertificates(SettingDefinition definition) {
    return definition.perAccount()
        && (definition.key().startsWith(OF_CERTIFICATES) || OF_BOTH.contains(definition.key()));
  }

  /** Whether a BMW account can have this setting for itself. */
  static boolean isForBmw(SettingDefinition definition) {
    return definition.perAccount() && !definition.key().startsWith(OF_CERTIFICATES);
  }

  /** Names of the sinks that the program knows. */
  static Set<String> sinks() {
    return SINKS;
  }

  /** The built-in defaults of all plain keys. */
  static Map<String, String> defaults() {
    return PLAIN.values().stream()
        .filter(definition -> definition.defaultText() != null)
        .collect(
            Collectors.toMap(
                SettingDefinition::key,
                SettingDefinition::defaultText,
                (a, b) -> a,
                LinkedHashMap::new));
  }

  /** The valid key that is spelt most like an unknown one. */
  static String nearest(String unknown) {
    return Spelling.nearest(unknown, candidates(unknown)).orElseThrow();
  }

  /** The variable of a setting that is spelt most like an unknown one. */
  static String nearestVariable(String unknown) {
    String asKey = unknown.toLowerCase(Locale.ROOT).replace('_', '.');
    return Spelling.nearest(unknown, candidates(asKey).map(EnvironmentNames::of)).orElseThrow();
  }

  /** A key or variable as it may be shown: a VIN in it is cut to its last four characters. */
  static String shown(String name) {
    Matcher vehicle = VEHICLE_KEY.matcher(name);
    String cut =
        vehicle.matches()
            ? "cardata.vehicle." + Vin.masked(vehicle.group(1)) + "." + vehicle.group(2)
            : name;
    return LOOKS_LIKE_VIN.matcher(cut).replaceAll(vin -> Vin.masked(vin.group()));
  }

  private static Stream<String> candidates(String unknown) {
    List<String> keys = new ArrayList<>(PLAIN.keySet());
    Matcher account = ACCOUNT_KEY.matcher(unknown);
    String accountName = account.matches() ? account.group(1) : "main";
    PLAIN.values().stream()
        .filter(SettingDefinition::perAccount)
        .map(d -> "cardata.account." + accountName + "." + d.key().substring(OWN.length()))
        .forEach(keys::add);
    Matcher vehicle = VEHICLE_KEY.matcher(unknown);
    if (vehicle.matches()) {
      keys.add("cardata.vehicle." + vehicle.group(1) + ".alias");
    }
    for (String sink : SINKS) {
      PATTERNS.stream()
          .map(pattern -> pattern.definition().key())
          .filter(key -> key.contains("<name>"))
          .map(key -> key.replace("<name>", sink))
          .forEach(keys::add);
    }
    return keys.stream();
  }
}
