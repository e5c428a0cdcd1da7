// The pull of changes: nothing without a rule that names it, the fields of the rule and no others,
// every licence once at its last change, cursors that belong to whom they were given.
#include <gtest/gtest.h>

#include <algorithm>

#include "hub/exchange/changes/change_desk.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using hub::access::CaseFeed;
using hub::access::Role;
using hub::exchange::ChangeDesk;
using hub::exchange::ChangePage;
using hub::exchange::ChangesRequest;
using kits::text_of;
using schemas::StatusAction;

constexpr std::string_view kTypeRule =
    R"({"id":"pull.IDENT","version":1,"effective":{"from":"2026-01-01"},"effect":"allow",)"
    R"("mode":"MODE","callers":["11990100MB99000131"],"divisions":["990100"],MORE)"
    R"("matter":"11990100MB990001310000000000001","object":"TYPE","fields":[FIELDS],)"
    R"("legal_basis":"law"})";

void put(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what)) {
    text.replace(at, what.size(), by);
  }
}

class ChangesHub : public kits::LicenceHub {
 public:
  ChangesHub() : desk(exchange_parts(), *ledger, keys) {}
  void allow(std::string_view type, std::string_view fields,
             std::string_view more = R"("roles":["licence_pull"],)",
             std::string_view mode = "values") {
    std::string rule(kTypeRule);
    put(rule, "IDENT", type.substr(18));
    put(rule, "TYPE", type);
    put(rule, "FIELDS", fields);
    put(rule, "MORE", more);
    put(rule, "MODE", mode);
    activate_all(hub::access::ObjectKind::kRule, {rule});
  }
  hub::access::Caller county(int system = 5) const {
    return caller(kits::kBureau, {Role::kLicencePull}, system);
  }
  static ChangesRequest request(std::vector<std::string> types, std::string after = {},
                                std::size_t limit = 100) {
    ChangesRequest q;
    q.types = std::move(types);
    q.after = std::move(after);
    q.limit = limit;
    q.purpose.matter = kits::kFoodMatter;
    q.purpose.cause = "市县同步 测试人员1";
    q.purpose.legal_basis = "law";
    q.purpose.officer = officer();
    q.purpose.channel = "batch";
    return q;
  }
  Result<ChangePage> find(const ChangesRequest& q) { return find(q, county()); }
  Result<ChangePage> find(const ChangesRequest& q, const hub::access::Caller& who) {
    return desk.find_page(q, who, *catalogue.policy());
  }
  ChangePage page(const ChangesRequest& q) { return find(q).value(); }
  std::string why(const ChangesRequest& q, const hub::access::Caller& who) {
    const auto found = find(q, who);
    return found.ok() ? std::to_string(found->changes.size()) : std::string(found.error().id());
  }
  schemas::Json share(const ChangesRequest& q, const hub::exchange::LicenceChange& change) {
    return answer(desk.share(q, change, "{}", county(), *catalogue.policy()));
  }
  // Licence identifiers, in the order of the page.
  std::vector<std::string> ids(const ChangesRequest& q) {
    std::vector<std::string> out;
    for (const auto& change : page(q).changes)
      out.push_back(text_of(share(q, change), "licence_id"));
    return out;
  }
  hub::audit::Entry last_entry() {
    return hub::audit::parse_entry(ledger->entry(ledger->state().size - 1).value()).value();
  }

  ChangeDesk desk;
};

const std::string kFirm(kits::kBusinessLicence);
const std::string kHealth(kits::kHealthCertificate);

TEST(LicenceChanges, NothingIsGivenWithoutARuleThatNamesThePull) {
  ChangesHub hub;
  hub.issue(kits::LicenceHub::business_request(1));
  const auto q = ChangesHub::request({kFirm});
  // The shipped rule gives the same fields for a case, to who fetches.
  EXPECT_EQ(hub.why(q, hub.county()), "0");
  EXPECT_FALSE(hub.page(q).more);
  EXPECT_EQ(hub.why(q, hub.bureau()), "role.missing");
  hub.allow(kFirm, R"("enterprise_name")");
  EXPECT_EQ(hub.why(q, hub.county()), "1");
  EXPECT_EQ(hub.why(q, hub.caller(kits::kSupervision, {Role::kLicencePull})), "0");
  auto abroad = hub.county();
  abroad.division = "110000";
  EXPECT_EQ(hub.why(q, abroad), "0");
  auto strict = hub.county();
  strict.case_feed = CaseFeed::kRequired;
  EXPECT_EQ(hub.why(q, strict), "case.not_in_feed");
  auto other = q;
  other.purpose.matter = "11990100MB990001310000000000009";
  EXPECT_EQ(hub.why(other, hub.county()), "purpose.not_registered");
  EXPECT_EQ(hub.why(ChangesHub::request({"11990100MB99000131999"}), hub.county()), "0");
}

TEST(LicenceChanges, ConsentAndRulesWithoutValuesGiveNothing) {
  ChangesHub hub;
  hub.issue(kits::LicenceHub::health_request(1));
  const auto q = ChangesHub::request({kHealth});
  hub.allow(kHealth, R"("name")", R"("roles":["licence_pull"],"consent_needed":true,)");
  EXPECT_EQ(hub.why(q, hub.county()), "0");
  for (const char* mode : {"predicate", "verify_only"}) {
    ChangesHub another;
    another.issue(kits::LicenceHub::health_request(1));
    another.allow(kHealth, R"("name")", R"("roles":["licence_pull"],)", mode);
    EXPECT_EQ(another.why(q, another.county()), "0") << mode;
  }
}

TEST(LicenceChanges, GivesTheFieldsOfTheRuleAndRecordsWhoLooked) {
  ChangesHub hub;
  hub.allow(kHealth, R"("name","examination_date")");
  const auto issued = hub.issue(kits::LicenceHub::health_request(1));
  const auto q = ChangesHub::request({kHealth});
  const auto page = hub.page(q);
  ASSERT_EQ(page.changes.size(), 1U);
  const auto shared = hub.share(q, page.changes[0]);
  EXPECT_EQ(text_of(shared, "licence_id"), text_of(issued, "licence_id"));
  EXPECT_EQ(text_of(shared, "change") + " " + text_of(shared, "status"), "issued valid");
  const auto checked = hub::licences::check_document(text_of(shared, "presentation"),
                                                     *hub.trust_store, hub.clock.now());
  EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid);
  EXPECT_EQ(checked.issuer.verdict(), pki::Verdict::kValid);
  EXPECT_NE(checked.claims.find("name"), nullptr);
  EXPECT_EQ(checked.claims.find("resident_id"), nullptr);
  EXPECT_EQ(schemas::to_text(shared).find(kits::test_person(1).value.reveal()), std::string::npos);
  const auto withheld = shared.find("withheld")->items();
  EXPECT_TRUE(std::any_of(withheld->begin(), withheld->end(),
                          [](const auto& w) { return text_of(w, "field") == "resident_id"; }));
  const auto entry = hub.last_entry();
  EXPECT_EQ(entry.event, schemas::AuditEvent::kLicenceShared);
  EXPECT_EQ(entry.decision, hub::audit::Decision::kAllow);
  EXPECT_EQ(entry.organisation, kits::kBureau);
  EXPECT_EQ(entry.rule, "pull.004");
  EXPECT_EQ(entry.subjects.size(), 1U);  // the holder finds it among who looked
  EXPECT_TRUE(entry.officer && entry.licence && entry.request && entry.answer);
  const auto box = hub::audit::open_box_a(entry, hub.keys).value();
  EXPECT_EQ(box.fields.size(), 2U);
  EXPECT_EQ(hub.everything().find("市县同步"), std::string::npos);  // sealed
}

TEST(LicenceChanges, ALicenceStandsAtItsLastChangeOnly) {
  ChangesHub hub;
  hub.allow(kHealth, R"("name")");
  const auto one = text_of(hub.issue(kits::LicenceHub::health_request(1)), "licence_id");
  const auto two = text_of(hub.issue(kits::LicenceHub::health_request(2)), "licence_id");
  ASSERT_TRUE(hub.act(one, StatusAction::kSuspend).ok());
  const auto q = ChangesHub::request({kHealth});
  EXPECT_EQ(hub.ids(q), (std::vector<std::string>{two, one}));
  const auto page = hub.page(q);
  const auto shared = hub.share(q, page.changes[1]);
  EXPECT_EQ(text_of(shared, "change") + " " + text_of(shared, "status"), "status suspended");
  // Behind it there is nothing, and what comes later stands there alone.
  const auto rest = ChangesHub::request({kHealth}, page.next);
  EXPECT_TRUE(hub.page(rest).changes.empty());
  ASSERT_TRUE(hub.act(one, StatusAction::kRevoke).ok());
  EXPECT_EQ(hub.ids(rest), std::vector<std::string>{one});
  EXPECT_EQ(text_of(hub.share(rest, hub.page(rest).changes[0]), "status"), "revoked");
}

TEST(LicenceChanges, AllVersionsOfALicenceHaveOneRecordName) {
  ChangesHub hub;
  hub.allow(kFirm, R"("enterprise_name")");
  ASSERT_TRUE(hub.collect(hub.collect_request(1)).ok());
  auto q = ChangesHub::request({kFirm});
  const auto first = hub.share(q, hub.page(q).changes.at(0));
  EXPECT_EQ(text_of(first, "change"), "collected");
  q.after = hub.page(q).next;
  auto changed = hub.collect_request(1);
  changed.fields[0].second = "测试企业改名";
  ASSERT_TRUE(hub.collect(changed).ok());
  const auto second = hub.share(q, hub.page(q).changes.at(0));
  EXPECT_NE(text_of(first, "licence_id"), text_of(second, "licence_id"));
  EXPECT_EQ(text_of(first, "record"), text_of(second, "record"));
  EXPECT_EQ(*second.find("version")->integer(), 2);
  ASSERT_TRUE(hub.collect(changed).ok());  // the same again is no change
  q.after = hub.page(q).next;
  EXPECT_TRUE(hub.page(q).changes.empty());
}

// Whatever the page size and whatever happens between two pages: no licence is missed, and what did
// not change is not given twice.
TEST(LicenceChanges, PagesLoseNothingAndDoubleNothing) {
  kits::SeededRandom random(17);
  for (std::size_t limit : {1U, 3U, 100U}) {
    ChangesHub hub;
    hub.allow(kHealth, R"("name")");
    hub.allow(kFirm, R"("enterprise_name")");
    std::map<std::string, std::string> states;  // licence -> status as last given
    std::vector<std::string> known;
    const auto happen = [&](int i) {
      const auto made = i % 2 == 0 ? hub.issue(kits::LicenceHub::health_request(i))
                                   : hub.issue(kits::LicenceHub::business_request(i));
      known.push_back(text_of(made, "licence_id"));
      if (random.below(3) == 0) {
        ignore(hub.act(known[random.below(known.size())], StatusAction::kSuspend),
               "may be suspended already");
      }
    };
    for (int i = 1; i <= 9; ++i) happen(i);
    auto q = ChangesHub::request({kFirm, kHealth}, {}, limit);
    std::size_t given = 0;
    int later = 10;
    for (int round = 0; round < 60; ++round) {
      const auto page = hub.page(q);
      ASSERT_LE(page.changes.size(), limit);
      for (const auto& change : page.changes) {
        const auto shared = hub.share(q, change);
        const bool fresh = states.emplace(text_of(shared, "licence_id"), "").second;
        const auto status = text_of(shared, "status");
        EXPECT_TRUE(fresh || states[text_of(shared, "licence_id")] != status);
        states[text_of(shared, "licence_id")] = status;
        ++given;
        if (random.below(2) == 0) {  // cut off here: it goes on behind what was given
          q.after = change.cursor;
          break;
        }
        q.after = page.next;
      }
      if (page.changes.empty()) q.after = page.next;
      if (page.changes.empty() && !page.more && later > 12) break;
      if (later <= 12) happen(later++);
    }
    EXPECT_EQ(states.size(), known.size()) << limit;
    for (const auto& id : known) {
      const auto head = hub.head_of(id);
      const auto now = hub.licences->status(head, hub.clock.now(), UtcTime::max())->status;
      EXPECT_EQ(states[id], schemas::status_text(now)) << limit;
    }
    EXPECT_GE(given, known.size());
  }
}

TEST(LicenceChanges, ACursorBelongsToItsCallerItsTypesAndItsMatter) {
  ChangesHub hub;
  hub.allow(kHealth, R"("name")");
  hub.allow(kFirm, R"("enterprise_name")");
  hub.issue(kits::LicenceHub::health_request(1));
  const std::string cursor = hub.page(ChangesHub::request({kHealth})).next;
  EXPECT_EQ(hub.why(ChangesHub::request({kHealth}, cursor), hub.county()), "0");
  EXPECT_EQ(hub.why(ChangesHub::request({kHealth}, cursor), hub.county(6)), "cursor.invalid");
  EXPECT_EQ(hub.why(ChangesHub::request({kFirm, kHealth}, cursor), hub.county()), "cursor.invalid");
  EXPECT_EQ(hub.why(ChangesHub::request({kFirm}, cursor), hub.county()), "cursor.invalid");
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string bent = cursor;
    bent[i] = bent[i] == '0' ? '1' : '0';
    EXPECT_EQ(hub.why(ChangesHub::request({kHealth}, bent), hub.county()), "cursor.invalid") << i;
  }
  for (const char* bad : {"x", "00", "null", "\xff"}) {
    EXPECT_EQ(hub.why(ChangesHub::request({kHealth}, bad), hub.county()), "cursor.invalid");
  }
}

TEST(LicenceChanges, ARightThatEndsOnTheWayEndsTheAnswerToo) {
  ChangesHub hub;
  hub.allow(kHealth, R"("name")");
  hub.issue(kits::LicenceHub::health_request(1));
  const auto q = ChangesHub::request({kHealth});
  const auto page = hub.page(q);
  auto without = hub.county();
  without.roles = {Role::kFetch};
  EXPECT_EQ(
      kits::reason_of(hub.desk.share(q, page.changes[0], "{}", without, *hub.catalogue.policy())),
      "role.missing");
  EXPECT_EQ(kits::reason_of(hub.desk.share(q, page.changes[0], "{}",
                                           hub.caller(kits::kSupervision, {Role::kLicencePull}),
                                           *hub.catalogue.policy())),
            "rule.none");
}

TEST(LicenceChanges, AnErasedHolderIsNotThere) {
  ChangesHub hub;
  hub.allow(kHealth, R"("name")");
  hub.issue(kits::LicenceHub::health_request(1));
  hub.issue(kits::LicenceHub::health_request(2));
  ASSERT_EQ(hub.page(ChangesHub::request({kHealth})).changes.size(), 2U);
  Bytes row("S");
  append_be64(row, hub.directory->find(kits::test_person(1)).value()->no.value);
  hub::store::Batch erase;
  erase.deletes.push_back({hub::store::Family::kKey, row});
  hub.store->commit(erase, hub::store::Durability::kSynced).value();
  hub.directory =
      hub::subjects::SubjectDirectory::create(*hub.store, hub.keys, hub.buckets, hub.random)
          .value();
  hub.licences = std::make_unique<hub::licences::LicenceStore>(*hub.store, *hub.directory);
  const ChangeDesk desk(hub.exchange_parts(), *hub.ledger, hub.keys);
  const auto page =
      desk.find_page(ChangesHub::request({kHealth}), hub.county(), *hub.catalogue.policy());
  EXPECT_EQ(page.value().changes.size(), 1U);
}

TEST(LicenceChanges, TheRequestIsReadStrictly) {
  const auto why = [](const std::string& body) {
    const auto read =
        hub::exchange::changes_request_from_json(schemas::parse_json(body, 1U << 16U).value());
    return read.ok() ? "good" : std::string(read.error().id());
  };
  const std::string purpose =
      R"("purpose":{"matter":"m","cause":"c","legal_basis":"l","operator":{"id":"o","name":"n"}})";
  EXPECT_EQ(why(R"({"types":["a","b"],)" + purpose + "}"), "good");
  EXPECT_EQ(why(R"({"types":["a"],"after":null,"limit":1,)" + purpose + "}"), "good");
  EXPECT_EQ(why(R"({"types":["a","a"],)" + purpose + "}"), "json.value");
  EXPECT_NE(why(R"({"types":[],)" + purpose + "}"), "good");
  EXPECT_EQ(why(R"({"types":["a"],"limit":0,)" + purpose + "}"), "json.value");
  EXPECT_EQ(why(R"({"types":["a"],"limit":101,)" + purpose + "}"), "json.value");
  EXPECT_EQ(why(R"({"types":["a"],"after":"",)" + purpose + "}"), "cursor.invalid");
  EXPECT_NE(why(R"({"types":["a"],"more":1,)" + purpose + "}"), "good");
  EXPECT_NE(why(R"({"types":["a"]})"), "good");
  EXPECT_EQ(why(R"({"types":["a"],"purpose":{"matter":"m","cause":"c",)"
                R"("operator":{"id":"o","name":"n"}}})"),
            "purpose.missing");
}

TEST(LicenceChanges, ThePageEndsAtWhatFailedAndAtItsSize) {
  ChangePage page;
  for (const char* name : {"a", "b", "c"}) {
    hub::exchange::LicenceChange one;
    one.before = std::string("before-") + name;
    one.cursor = std::string("at-") + name;
    page.changes.push_back(one);
  }
  page.next = "end";
  const std::string body = R"({"licence_id":"x"})";
  const auto made = [&](std::vector<int> statuses, const std::string& text) {
    std::vector<hub::exchange::SharedChange> shared;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      shared.push_back({page.changes[i], statuses[i], text});
    }
    const auto out = hub::exchange::change_page_json(page, shared);
    if (out.empty()) return std::string("the first failed");
    const auto tree = schemas::parse_json(out, 32U << 20U).value();
    return std::to_string(tree.find("changes")->items()->size()) + " " + text_of(tree, "next") +
           (*tree.find("more")->boolean() ? " more" : "");
  };
  EXPECT_EQ(made({200, 200, 200}, body), "3 end");
  EXPECT_EQ(made({200, 403, 200}, body), "2 end");  // the right went meanwhile
  EXPECT_EQ(made({200, 200, 503}, body), "2 before-c more");
  EXPECT_EQ(made({410, 200, 503}, body), "1 before-c more");
  EXPECT_EQ(made({503, 200, 200}, body), "the first failed");
  EXPECT_EQ(made({}, body), "0 end");
  const std::string large = R"({"x":")" + std::string(3U << 20U, 'x') + "\"}";
  EXPECT_EQ(made({200, 200, 200}, large), "1 before-b more");
}

}  // namespace
}  // namespace lh
