// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.MessageTopic;
import org.cardatabridge.highmobility.Facts;

/**
 * Takes the people out of a recording: VINs, GCIDs, account names and aliases become invented ones
 * of the same shape, positions move by one secret distance, addresses become nonsense. Everything
 * else stays as it is, to the last blank.
 *
 * <p>It needs every message twice: {@link #hear} them all, then {@link #disguise} each. The key is
 * drawn anew for each object and never leaves it, so that no other export matches. For one thread.
 */
public final class Anonymiser {

  /** The accounts that everybody has tell nothing, and let a recording play in a new bridge. */
  private static final Set<String> EVERYBODYS_ACCOUNTS = Set.of("main", "highmobility");

  private static final int SHORTEST = 3;

  /** No topic level, and so no VIN and no GCID, is longer. */
  private static final int LONGEST = 255;

  /** Nobody has so many cars, but anybody could send so many names. */
  private static final int MOST = 10_000;

  private static final int DEEPEST = 16;
  private static final Set<String> IDS =
      Set.of(
          "vin",
          "entityid",
          "gcid",
          "sub",
          "topic",
          "vehicleidwithgcid",
          "application_id",
          "applicationid",
          "app_id");

  /** Each message has another: known by their field only, and invented without a list of them. */
  private static final Set<String> MESSAGE_IDS = Set.of("message_id", "messageid");

  private static final Set<String> NAMES = Set.of("account", "vehicle", "alias");
  private static final Set<String> WORDS =
      Set.of(
          "vin",
          "entityid",
          "gcid",
          "topic",
          "timestamp",
          "data",
          "value",
          "unit",
          "key",
          "source",
          "account",
          "vehicle",
          "alias",
          "received",
          "telematicdata",
          "stream",
          "rest",
          "replay",
          "derived",
          "highmobility",
          "true",
          "false",
          "null",
          "live",
          "sandbox",
          "level13",
          "l13",
          "version",
          "capability",
          "property",
          "set",
          "get");

  private final Invention invention;
  private final PlaceShift shift = new PlaceShift();
  private final Set<String> words = new HashSet<>(WORDS);
  private final Set<String> everywhere = new HashSet<>();
  private final Set<String> whole = new HashSet<>();
  private final Map<String, String> names = new HashMap<>();
  private Disguise disguise;

  /** With a key that nobody knows. */
  public Anonymiser() {
    this(new SecureRandom().generateSeed(32));
  }

  Anonymiser(byte[] key) {
    invention = new Invention(key);
    new Catalogue()
        .all()
        .forEach(
            descriptor -> {
              words.addAll(Arrays.asList(Invention.lower(descriptor.key()).split("\\.")));
              descriptor.tokens().forEach(token -> words.add(Invention.lower(token)));
            });
    for (Facts.Property property : new Facts().all()) {
      words.add(property.capability());
      words.add(property.name());
      property.members().keySet().forEach(member -> words.addAll(List.of(member.split("\\."))));
    }
  }

  /**
   * Takes note of a VIN, a GCID or a name that is to be hidden. Null and blanks are passed over.
   */
  public void know(String identity) {
    if (disguise != null) {
      throw new IllegalStateException("all must be known before the first is disguised");
    }
    String text = identity == null ? "" : identity.strip();
    if (text.isEmpty() || text.length() > LONGEST || EVERYBODYS_ACCOUNTS.contains(text)) {
      return;
    }
    if (everywhere.size() + whole.size() > MOST) {
      throw new IllegalStateException(
          "anonymising: there are more than "
              + MOST
              + " cars and accounts — export less at a time, with --since and --until");
    }
    if (text.length() < SHORTEST || words.contains(Invention.lower(text)) || isSmallNumber(text)) {
      whole.add(text);
      return;
    }
    everywhere.add(text);
    String inBytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    everywhere.add(inBytes);
    if (Invention.UUID.matcher(text).matches()) {
      everywhere.add(text.replace("-", ""));
    }
  }

  private static boolean isSmallNumber(String text) {
    return text.length() < 8 && text.chars().allMatch(c -> Character.isDigit(c) || c == '.');
  }

  /** Takes note of whom a message names and where it was. */
  public void hear(RecordedMessage message) {
    know(message.account());
    String[] levels = message.topic().split("/", -1);
    boolean isBmws = message.source().equals("stream") || message.source().equals("replay");
    if (isBmws && levels.length == 2) {
      know(levels[0]);
      know(levels[1]);
    }
    if (MessageTopic.isOfRest(message.topic()) || MessageTopic.isOfHighMobility(message.topic())) {
      know(MessageTopic.vin(message.topic()));
      know(MessageTopic.application(message.topic()));
    }
    byte[] payload = message.payload();
    JsonWalk.rewrite(new String(payload, charset(payload)), new Ear(0));
  }

  /** The message without people in it; call it when all messages are heard. */
  public RecordedMessage disguise(RecordedMessage message) {
    if (disguise == null) {
      disguise = new Disguise(invention, everywhere, whole);
      shift.choose(invention);
    }
    Charset charset = charset(message.payload());
    String payload = isPicture(message.payload()) ? "" : new String(message.payload(), charset);
    String hidden = JsonWalk.rewrite(payload, new Mask(0));
    if (!payload.startsWith("{") && !payload.startsWith("[")) {
      // A name with a comma in it is one name only to people.
      hidden = disguise.known(hidden);
    }
    return new RecordedMessage(
        message.received(),
        disguise.text(message.source()),
        disguise.whole(message.account()),
        topic(message.topic()),
        hidden.equals(payload) && !isPicture(message.payload())
            ? message.payload()
            : hidden.getBytes(charset));
  }

  /** A picture can show a car's plate, and hold words in parts that nobody sees: it is left out. */
  private static boolean isPicture(byte[] bytes) {
    boolean isPng =
        bytes.length > 3 && bytes[0] == (byte) 0x89 && bytes[1] == 'P' && bytes[2] == 'N';
    boolean isJpeg =
        bytes.length > 3 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8 && bytes[2] == -1;
    return isPng || isJpeg;
  }

  private String topic(String topic) {
    String[] levels = topic.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      levels[i] = disguise.whole(levels[i]);
    }
    return String.join("/", levels);
  }

  /** What the bytes are a text in; each byte a letter where they are none. Never loses a byte. */
  private static Charset charset(byte[] payload) {
    boolean hasZeros = false;
    for (byte b : payload) {
      hasZeros |= b == 0;
    }
    Optional<String> text = StrictUtf8.text(payload);
    if (hasZeros) {
      for (Charset wide : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
        String guess = new String(payload, wide);
        boolean isPlain = guess.chars().filter(c -> c < 0x100).count() * 2 > guess.length();
        if (isPlain && Arrays.equals(guess.getBytes(wide), payload)) {
          return wide;
        }
      }
    }
    return text.isPresent() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
  }

  private static boolean mayBeJson(String text, int depth) {
    return depth < DEEPEST && (text.indexOf('{') >= 0 || text.indexOf('[') >= 0);
  }

  /** Hears of identities and positions, and changes nothing. */
  private final class Ear implements JsonWalk.Visitor {
    private final int depth;

    Ear(int depth) {
      this.depth = depth;
    }

    @Override
    public String name(String name) {
      return name;
    }

    @Override
    public String text(String name, Place place, String text) {
      bare(name, place, text);
      if (mayBeJson(text, depth)) {
        JsonWalk.rewrite(text, new Ear(depth + 1));
      }
      return text;
    }

    @Override
    public String bare(String name, Place place, String word) {
      String member = name.toLowerCase(Locale.ROOT);
      boolean isPath = member.equals("topic") && word.indexOf('/') >= 0;
      if (NAMES.contains(member) || IDS.contains(member) && !isPath) {
        know(word.equals("null") ? null : word);
      }
      shift.hear(place, word);
      return word;
    }
  }

  /** Hides them. */
  private final class Mask implements JsonWalk.Visitor {
    private final int depth;

    Mask(int depth) {
      this.depth = depth;
    }

    @Override
    public String name(String name) {
      String known = names.get(name);
      if (known == null) {
        known = disguise.text(name);
        if (names.size() < MOST) {
          names.put(name, known);
        }
      }
      return known;
    }

    @Override
    public String text(String name, Place place, String text) {
      if (mayBeJson(text, depth)) {
        return JsonWalk.rewrite(text, new Mask(depth + 1));
      }
      return bare(name, place, text);
    }

    @Override
    public String bare(String name, Place place, String word) {
      String member = name.toLowerCase(Locale.ROOT);
      return switch (place) {
        case LATITUDE, LONGITUDE -> {
          String moved = shift.moved(place, word);
          yield moved.equals(word) ? disguise.text(word) : moved;
        }
        case ADDRESS -> word.equals("null") ? word : disguise.invented(word);
        case NONE -> {
          if (MESSAGE_IDS.contains(member) && !word.equals("null")) {
            yield disguise.invented(word);
          }
          yield NAMES.contains(member) || IDS.contains(member)
              ? disguise.whole(word)
              : disguise.text(word);
        }
      };
    }
  }
}
