// Permit, Recorded, Undisclosed<T>: no answer with personal data leaves before its audit entry is
// durable; the types see to it (docs/architecture.md, "the law in types").
//   Gate::admit -> Permit{AccessId} -> store read -> Undisclosed<T>{AccessId}
//   Ledger commit of the entry of that AccessId -> Recorded{AccessId} -> Undisclosed<T>::open
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"

namespace lh::hub::access {
class Gate;
}
namespace lh::hub::ledger {
class Ledger;
}
namespace lh::crypto {
class CommitKey;
}

namespace lh {

// Ties a Permit, what was read under it, the change that records it and its Recorded together.
// Random 128 bits made by the Gate (or by the Ledger for changes that release nothing).
struct AccessId {
  Tag value{};
  bool operator==(const AccessId&) const = default;
};

enum class Access : std::uint8_t { kServe, kMaintenance };  // kMaintenance: ingest, rotation, fsck

// The right to one access. Only hub::access::Gate makes one; it moves and is never copied.
class Permit {
 public:
  Permit(Permit&&) = default;
  Permit& operator=(Permit&&) = default;
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;
  const AccessId& access_id() const { return id_; }
  Access kind() const { return kind_; }

 private:
  friend class hub::access::Gate;
  Permit(AccessId id, Access kind) : id_(id), kind_(kind) {}
  AccessId id_;
  Access kind_;
};

// Proof that the entry of this access is durable. Only hub::ledger::Ledger makes one.
class Recorded {
 public:
  Recorded(Recorded&&) = default;
  Recorded& operator=(Recorded&&) = default;
  Recorded(const Recorded&) = delete;
  Recorded& operator=(const Recorded&) = delete;
  const AccessId& access_id() const { return id_; }
  std::uint64_t index() const { return index_; }  // of the entry in the log
  UtcTime time() const { return time_; }
  const Bytes& entry() const { return entry_; }        // the leaf, exactly as logged
  const std::string& proof() const { return proof_; }  // C2SP tlog-proof@v1 text

 private:
  friend class hub::ledger::Ledger;
  Recorded(AccessId id, std::uint64_t index, UtcTime time, Bytes entry, std::string proof)
      : id_(id), index_(index), time_(time), entry_(std::move(entry)), proof_(std::move(proof)) {}
  AccessId id_;
  std::uint64_t index_;
  UtcTime time_;
  Bytes entry_;
  std::string proof_;
};

namespace detail {
template <class F>
inline constexpr bool kCaptureless = std::is_empty_v<F>&& std::is_default_constructible_v<F>;
// Pointers and what stands for one (reference_wrapper, smart pointers, spans) would carry it out.
template <class A>
concept PointsElsewhere = std::is_pointer_v<A> || requires(const A& a) {
  a.get();
} || requires {
  typename A::element_type;
};
template <class A>
inline constexpr bool kPlainArgument = !PointsElsewhere<A> && std::is_copy_constructible_v<A>;
}  // namespace detail

// A value read under a Permit. Before its entry is durable it can only be mapped (it stays
// undisclosed), decided upon (an enum comes out) and committed to (a keyed digest comes out), each
// by a captureless function: a capture would be a way out for the value.
template <class T>
class Undisclosed {
 public:
  Undisclosed(const Permit& permit, T value) : id_(permit.access_id()), value_(std::move(value)) {}
  Undisclosed(Undisclosed&&) noexcept = default;
  Undisclosed& operator=(Undisclosed&&) noexcept = default;
  Undisclosed(const Undisclosed&) = delete;
  Undisclosed& operator=(const Undisclosed&) = delete;
  const AccessId& access_id() const { return id_; }

  // f(T&&, const Args&...) -> U. Args are plain values (what the rule allows, a language, a date).
  template <class F, class... Args>
  auto map(F, const Args&... args) && {
    static_assert(detail::kCaptureless<F>, "map takes a captureless function");
    static_assert((detail::kPlainArgument<Args> && ...), "arguments are values, not pointers");
    using U = std::invoke_result_t<F, T&&, const Args&...>;
    return Undisclosed<U>(id_, F{}(std::move(value_), args...));
  }
  // f(const T&, const Args&...) -> an enum: all that may be known before the entry is durable.
  template <class F, class... Args>
  auto decide(F, const Args&... args) const {
    static_assert(detail::kCaptureless<F>, "decide takes a captureless function");
    static_assert((detail::kPlainArgument<Args> && ...), "arguments are values, not pointers");
    using E = std::invoke_result_t<F, const T&, const Args&...>;
    static_assert(std::is_enum_v<E>, "decide gives an enum");
    return F{}(value_, args...);
  }
  // f(const T&) -> Bytes; out comes HMAC(key of the entry, bytes), never the bytes.
  template <class F, class Key>
  Digest commitment(const Key& key, F) const {
    static_assert(detail::kCaptureless<F>, "commitment takes a captureless function");
    static_assert(std::is_same_v<Key, crypto::CommitKey>, "commitments are keyed");
    return key.commit(F{}(value_));
  }
  // Two values of one access become one; LH_CHECK that they are of the same access.
  template <class U>
  Undisclosed<std::pair<T, U>> with(Undisclosed<U>&& other) && {
    LH_CHECK(id_ == other.id_, "values of two accesses");
    return Undisclosed<std::pair<T, U>>(
        id_, std::pair<T, U>(std::move(value_), std::move(other.value_)));
  }
  // Never opens with the Recorded of another access: a receipt for one answer opens that answer
  // only.
  T open(const Recorded& recorded) && {
    LH_CHECK(recorded.access_id() == id_, "opened with the entry of another access");
    return std::move(value_);
  }

 private:
  template <class U>
  friend class Undisclosed;
  Undisclosed(AccessId id, T value) : id_(id), value_(std::move(value)) {}
  AccessId id_;
  T value_;
};

}  // namespace lh
