// One run of a load: reads and maps rows, decides repeated keys, hands chunks to the pipeline and
// writes marks. Used by one thread; workers report through decided().
#pragma once

#include <deque>

#include "hub/ingest/load/marks.h"
#include "hub/ingest/load/pipeline.h"

namespace lh::hub::ingest {

class LoadRun {
 public:
  struct Input {
    const LoadRequest& request;
    const adapters::Mapping& mapping;
    adapters::Source& source;
    const access::Policy& policy;
    const std::function<void(const LoadProgress&)>& progress;
  };
  static Result<LoadCounts> run(const CollectionParts& parts, const Input& input);

 private:
  LoadRun(const CollectionParts& parts, const Input& input, const Tag& the_run, RowMemory memory,
          adapters::Mapper mapper);
  Status read_all();
  Status take(adapters::RawRow row);
  enum class Fate : std::uint8_t { kGo, kWait, kSame, kConflict };
  Fate fate_of(RowJob& row);
  void admit(RowJob row);
  void settle(RowJob& row);  // counts it, keeps what is refused
  Status flush();
  Status drain();  // until every row read is decided, also those that waited for others
  Status mark(RunEnd end);
  void decided(Chunk& chunk);
  void report() const;

  const CollectionParts& parts_;
  Input input_;
  Tag run_;
  RowMemory memory_;
  adapters::Mapper mapper_;
  Preparer preparer_;
  Marks marks_;

  mutable std::mutex mutex_;  // over what follows: workers decide while the reader reads
  SeenRecords seen_;
  LoadCounts counts_;
  std::vector<QuarantinedRow> held_;
  std::size_t held_bytes_ = 0;
  bool earlier_run_seen_ = false;

  Chunk chunk_;                 // being filled, by the reader alone
  std::deque<RowJob> waiting_;  // for rows in flight with the same key
  std::size_t waiting_bytes_ = 0;
  LoadCounts marked_;  // counts at the last mark
  std::uint64_t since_mark_ = 0;
  Pipeline pipeline_;  // the last one: its threads use all of the above
};

}  // namespace lh::hub::ingest
