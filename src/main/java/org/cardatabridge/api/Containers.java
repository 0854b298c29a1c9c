// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.api.RestVerdict.Kind;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bridge's containers at BMW: the steps of {@code routes/rest-containers.camel.yaml} and {@code
 * routes/rest-create-container.camel.yaml}. One is ours by its name and purpose, or because we made
 * it. Never deletes by itself. Safe for use by many threads.
 */
public final class Containers {

  /** Exchange property: the {@link ContainerSearch} while BMW is asked. */
  public static final String SEARCH = "cardata.search";

  /** The parameter that names a container. */
  public static final String ID = "containerId";

  private static final Logger LOG = LoggerFactory.getLogger(Containers.class);
  private static final String PATH = "/customers/containers";
  private static final int LOOKS = 3;
  private static final int ATTEMPTS = 3;

  private final ContainerNotes notes;
  private final Replies replies;
  private final Function<String, Set<Drive>> drives;
  private final Map<String, Wish> wishes = new HashMap<>();
  private final Map<String, Optional<ContainerSnapshot>> snapshots = new ConcurrentHashMap<>();

  /** What the settings of an account want. */
  private record Wish(String name, String purpose, DescriptorSet descriptors) {

    boolean isNamed(Container container) {
      return container.name().equals(name) && container.purpose().equals(purpose);
    }

    String fingerprint() {
      List<String> all = new ArrayList<>(descriptors.chosen());
      all.add("name=" + name);
      all.add("purpose=" + purpose);
      return ContainerNotes.fingerprint(all);
    }
  }

  /**
   * For the accounts of the settings.
   *
   * @param known every known descriptor; asked only where a setting names some
   * @param drives what moves the cars of an account, as far as known
   * @throws BadSettingException for descriptors that cannot be used
   */
  public Containers(
      Settings settings,
      java.util.function.Supplier<List<String>> known,
      Function<String, Set<Drive>> drives,
      RestNotes notes,
      Clock clock) {
    this.replies = new Replies(clock);
    this.drives = drives;
    this.notes = new ContainerNotes(notes);
    for (String account : settings.list("cardata.accounts")) {
      Settings own = settings.forAccount(account);
      List<String> items = own.list("cardata.api.container.descriptors");
      DescriptorSet set = DescriptorSet.of(items, items.isEmpty() ? List.of() : known.get());
      if (!set.without().isEmpty()) {
        LOG.warn(
            "The container of account {}: left out what BMW tells elsewhere: {} — take it out of"
                + " cardata.api.container.descriptors",
            account,
            String.join(", ", set.without()));
      }
      wishes.put(
          account,
          new Wish(
              own.get("cardata.api.container.name"),
              own.get("cardata.api.container.purpose"),
              set));
    }
  }

  /**
   * What the settings of an account want, in a short text that changes with them. The note {@code
   * container.wanted} has that of the container in use: where the two differ, create-container is
   * due.
   */
  public String fingerprint(String account) {
    return wishes.get(account).fingerprint();
  }

  // ---- the list -----------------------------------------------------------------------------

  /** Asks for the containers of the order's account. */
  public RestCall list(@ExchangeProperty(Fetched.ORDER) RestRequest order) {
    return RestCall.get(order, PATH, Map.of());
  }

  /** The list as an outcome: each container, and whether it is ours and in use. */
  public RestOutcome listed(@ExchangeProperty(Fetched.ORDER) RestRequest order, @Body Object body) {
    RestReply reply = replies.of(body);
    Optional<List<Container>> all = reply.isOk() ? read(reply) : Optional.empty();
    if (all.isEmpty()) {
      return new RestOutcome(reply.isOk() ? unreadable() : reply.verdict(), null);
    }
    String account = order.account();
    String used = notes.used(account).orElse(null);
    List<Container> own = own(account, all.get());
    remember(account, own.stream().filter(c -> c.id().equals(used)).findFirst(), own);
    List<Map<String, Object>> told = new ArrayList<>();
    for (Container container : all.get()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put(ID, container.id());
      one.put("name", container.name());
      one.put("purpose", container.purpose());
      one.put("active", container.isActive());
      one.put("created", container.created());
      one.put("own", own.contains(container));
      one.put("used", container.id().equals(used));
      told.add(one);
    }
    return new RestOutcome(RestVerdict.OK, Map.of("containers", told));
  }

  private Optional<List<Container>> read(RestReply reply) {
    return Container.list(reply.body());
  }

  private List<Container> own(String account, List<Container> all) {
    Wish wish = wishes.get(account);
    return all.stream()
        .filter(Container::isActive)
        .filter(c -> wish.isNamed(c) || notes.descriptors(account, c.id()).isPresent())
        .sorted(
            Comparator.comparing((Container c) -> c.created() == null ? "" : c.created())
                .reversed())
        .toList();
  }

  // ---- reuse or create ----------------------------------------------------------------------

  /** Whether one of the list is what the settings want. */
  public ContainerSearch find(
      @ExchangeProperty(Fetched.ORDER) RestRequest order, @Body Object body) {
    RestReply reply = replies.of(body);
    Optional<List<Container>> all = reply.isOk() ? read(reply) : Optional.empty();
    if (all.isEmpty()) {
      return ContainerSearch.failed(order, reply.isOk() ? unreadable() : reply.verdict());
    }
    String account = order.account();
    String gone = gone(order);
    List<Container> own =
        own(account, all.get()).stream().filter(c -> !c.id().equals(gone)).toList();
    List<String> wanted = wanted(account);
    Wish wish = wishes.get(account);
    List<Container> named = own.stream().filter(wish::isNamed).toList();
    List<Container> unseen =
        named.stream().filter(c -> notes.descriptors(account, c.id()).isEmpty()).toList();
    ContainerSearch search =
        new ContainerSearch(
            ContainerSearch.MISSING, order, wanted, own, List.of(), 0, null, RestVerdict.OK);
    String used = notes.used(account).orElse(null);
    return named.stream()
        .filter(c -> notes.descriptors(account, c.id()).filter(d -> fits(search, d)).isPresent())
        .min(Comparator.comparing(c -> !c.id().equals(used)))
        .map(search::found)
        .orElseGet(() -> search.goingOn(unseen.stream().limit(LOOKS).toList()));
  }

  /** The one that BMW did not take any more: whoever was told so forgot the note of it. */
  private String gone(RestRequest order) {
    String named = order.parameters().get("gone");
    return named != null || notes.used(order.account()).isPresent()
        ? named
        : snapshot(order.account()).map(ContainerSnapshot::id).orElse(null);
  }

  private List<String> wanted(String account) {
    List<String> wanted = wishes.get(account).descriptors().wanted(drives.apply(account));
    Set<String> leftOut = notes.leftOut(account, wanted);
    return wanted.stream().filter(key -> !leftOut.contains(key)).toList();
  }

  /** One that the cars decide may have more: what a second kind of car brought does no harm. */
  private boolean fits(ContainerSearch search, List<String> descriptors) {
    Set<String> has = new HashSet<>(descriptors);
    DescriptorSet set = wishes.get(search.order().account()).descriptors();
    return set.isByCars()
        ? has.containsAll(search.wanted()) && set.wanted(Set.of()).containsAll(has)
        : has.equals(new HashSet<>(search.wanted()));
  }

  /** Asks for the descriptors of the first that nobody knows. */
  public RestCall look(@Body ContainerSearch search) {
    return RestCall.get(search.order(), PATH + "/" + search.unseen().get(0).id(), Map.of());
  }

  /** Whether it is the one; otherwise the search goes on. */
  public ContainerSearch compare(
      @ExchangeProperty(SEARCH) ContainerSearch search, @Body Object body) {
    RestReply reply = replies.of(body);
    Container asked = search.unseen().get(0);
    List<Container> rest = search.unseen().subList(1, search.unseen().size());
    Kind kind = reply.verdict().kind();
    if (kind == Kind.CONTAINER_GONE || kind == Kind.WRONG) {
      return search.goingOn(rest);
    }
    List<String> descriptors = Container.one(reply.body()).map(Container::descriptors).orElse(null);
    if (kind != Kind.OK) {
      return search.failed(reply.verdict());
    }
    if (descriptors == null) {
      return search.failed(unreadable());
    }
    notes.describe(search.order().account(), asked.id(), descriptors);
    return fits(search, descriptors) ? search.found(asked) : search.goingOn(rest);
  }

  /** Has one created. */
  public RestCall create(@Body ContainerSearch search) {
    Wish wish = wishes.get(search.order().account());
    return RestCall.post(
        search.order(), PATH, ContainerNotes.json(wish.name(), wish.purpose(), search.wanted()));
  }

  /** Whether it was created; where BMW does not like its descriptors, the search has fewer. */
  public ContainerSearch created(
      @ExchangeProperty(SEARCH) ContainerSearch search, @Body Object body) {
    RestReply reply = replies.of(body);
    String account = search.order().account();
    return switch (reply.verdict().kind()) {
      case OK ->
          Container.one(reply.body())
              .map(
                  made -> {
                    notes.describe(account, made.id(), search.wanted());
                    notes.succeeded(account, search.wanted());
                    LOG.info(
                        "Created a container of {} descriptors for account {}",
                        search.wanted().size(),
                        account);
                    return search.found(named(made, wishes.get(account)));
                  })
              .orElseGet(() -> search.failed(unreadable()));
      case CONTAINER_TOO_LARGE ->
          less(search, DescriptorSet.fewer(search.wanted()), reply.verdict());
      case DESCRIPTOR ->
          less(search, notes.taken(account, search.wanted(), reply), reply.verdict());
      case CONTAINERS_FULL -> search.failed(full(search, reply.verdict()));
      default -> search.failed(reply.verdict());
    };
  }

  private static Container named(Container made, Wish wish) {
    return new Container(
        made.id(), wish.name(), wish.purpose(), true, made.created(), made.descriptors());
  }

  private ContainerSearch less(ContainerSearch search, List<String> fewer, RestVerdict why) {
    if (fewer.isEmpty() || fewer.size() == search.wanted().size()) {
      return search.failed(why);
    }
    String account = search.order().account();
    List<String> all = wishes.get(account).descriptors().wanted(drives.apply(account));
    notes.leaveOut(account, all, fewer);
    LOG.warn(
        "Creating the container of account {} with {} descriptors: {} — trying {} of them",
        account,
        search.wanted().size(),
        why.sentence(),
        fewer.size());
    return search.attempts() + 1 < ATTEMPTS ? search.again(fewer) : search.failed(why);
  }

  private static RestVerdict full(ContainerSearch search, RestVerdict verdict) {
    String old =
        search.own().isEmpty()
            ? "none of them is the bridge's: delete one that you do not need in BMW's portal"
            : "delete one of the bridge's older ones with ./bridge api delete-container"
                + " --container "
                + String.join(" or ", search.own().stream().map(Container::id).toList());
    return new RestVerdict(
        Kind.CONTAINERS_FULL,
        "Creating a container at BMW: ten exist already (CU-124) — " + old,
        verdict.retryAfter());
  }

  /** How the search ended; remembers what was found, and says once which ones are of no use. */
  public RestOutcome outcome(@Body ContainerSearch search) {
    if (!search.kind().equals(ContainerSearch.FOUND)) {
      return new RestOutcome(search.verdict(), null);
    }
    String account = search.order().account();
    notes.use(account, search.found().id());
    notes.servedFor(account, fingerprint(account));
    ContainerSnapshot now = remember(account, Optional.of(search.found()), search.own());
    Map<String, Object> told = new LinkedHashMap<>();
    told.put(ID, now.id());
    told.put("name", now.name());
    told.put("created", now.created());
    told.put("reused", search.own().contains(search.found()));
    told.put("descriptors", notes.descriptors(account, now.id()).map(List::size).orElse(0));
    told.put("obsolete", now.obsolete().stream().map(ContainerSnapshot.Old::id).toList());
    return new RestOutcome(RestVerdict.OK, told);
  }

  private ContainerSnapshot remember(
      String account, Optional<Container> used, List<Container> own) {
    List<ContainerSnapshot.Old> old =
        own.stream()
            .filter(c -> used.filter(u -> u.id().equals(c.id())).isEmpty())
            .map(c -> new ContainerSnapshot.Old(c.id(), c.name(), c.created()))
            .toList();
    ContainerSnapshot now =
        new ContainerSnapshot(
            used.map(Container::id).orElse(null),
            used.map(Container::name).orElse(null),
            used.map(Container::created).orElse(null),
            used.isPresent() ? old : List.of());
    ContainerSnapshot before = snapshot(account).orElse(null);
    if (!now.obsolete().isEmpty()
        && (before == null || !before.obsolete().equals(now.obsolete()))) {
      LOG.warn(
          "Account {} has {} of the bridge's containers that are of no use any more: {} — they make"
              + " the stream send values twice; delete each with ./bridge api delete-container"
              + " --container <id>",
          account,
          now.obsolete().size(),
          String.join(", ", now.obsolete().stream().map(ContainerSnapshot.Old::id).toList()));
    }
    snapshots.put(account, Optional.of(now));
    if (!now.equals(before)) {
      notes.saw(account, now);
    }
    return now;
  }

  /** The containers of an account as last seen; empty before BMW was ever asked. */
  public Optional<ContainerSnapshot> snapshot(String account) {
    return snapshots.computeIfAbsent(account, notes::seen);
  }

  // ---- delete -------------------------------------------------------------------------------

  /**
   * Whether the container may be deleted: the verdict is {@code OK} where it is ours, or {@code
   * force=true} says that it may be anybody's.
   */
  public RestOutcome mayDelete(
      @ExchangeProperty(Fetched.ORDER) RestRequest order, @Body Object body) {
    RestReply reply = replies.of(body);
    String id = order.parameters().get(ID);
    boolean isForced = "true".equals(order.parameters().get("force"));
    Optional<List<Container>> all = reply.isOk() ? read(reply) : Optional.empty();
    if (all.isEmpty()) {
      return new RestOutcome(reply.isOk() ? unreadable() : reply.verdict(), null);
    }
    Optional<Container> it = all.get().stream().filter(c -> c.id().equals(id)).findFirst();
    if (it.isEmpty() || !it.get().isActive()) {
      return refused("there is no active container of this id — containers lists them");
    }
    boolean isOwn = own(order.account(), all.get()).contains(it.get());
    return isOwn || isForced
        ? new RestOutcome(RestVerdict.OK, null)
        : refused("it is not the bridge's — force=true deletes it all the same");
  }

  /** Whether the order names a container at all. */
  public boolean isNamed(@ExchangeProperty(Fetched.ORDER) RestRequest order) {
    return Container.isId(order.parameters().get(ID));
  }

  /** The outcome where it names none. */
  public RestOutcome unnamed() {
    return refused("containerId is missing or none — containers lists them");
  }

  private static RestOutcome refused(String why) {
    return new RestOutcome(RestVerdict.of(Kind.WRONG, "Deleting a container at BMW: " + why), null);
  }

  /** Has it deleted. */
  public RestCall delete(@ExchangeProperty(Fetched.ORDER) RestRequest order) {
    return RestCall.delete(order, PATH + "/" + order.parameters().get(ID));
  }

  /** How that ended; one that is gone already is as good as deleted. */
  public RestOutcome deleted(
      @ExchangeProperty(Fetched.ORDER) RestRequest order, @Body Object body) {
    RestReply reply = replies.of(body);
    Kind kind = reply.verdict().kind();
    if (kind != Kind.OK && kind != Kind.CONTAINER_GONE) {
      return new RestOutcome(reply.verdict(), null);
    }
    String account = order.account();
    String id = order.parameters().get(ID);
    notes.forget(account, id);
    snapshot(account)
        .ifPresent(
            before -> {
              boolean wasUsed = id.equals(before.id());
              ContainerSnapshot now =
                  new ContainerSnapshot(
                      wasUsed ? null : before.id(),
                      wasUsed ? null : before.name(),
                      wasUsed ? null : before.created(),
                      before.obsolete().stream().filter(old -> !old.id().equals(id)).toList());
              snapshots.put(account, Optional.of(now));
              notes.saw(account, now);
            });
    return new RestOutcome(RestVerdict.OK, Map.of("deleted", id));
  }

  private static RestVerdict unreadable() {
    return RestVerdict.of(
        Kind.LATER,
        "Asking BMW for containers: the answer cannot be read — nothing to do, the bridge asks"
            + " again");
  }
}
