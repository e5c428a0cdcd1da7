// A folder behind SFTP. A file is fetched whole before it is read: into a file without a name, so
// that nothing personal is left behind by a killed process.
#include <unistd.h>

#include <algorithm>

#include "adapters/drop/file_names.h"
#include "adapters/drop/folder.h"
#include "adapters/drop/sftp/sftp_session.h"

namespace lh::adapters::drop {
namespace {

class FetchedFile final : public Picked {
 public:
  explicit FetchedFile(int fd) : fd_(fd), path_(path_of_descriptor(fd)) {}
  ~FetchedFile() override { ::close(fd_); }
  const std::string& path() const override { return path_; }
  Status unchanged() const override { return {}; }  // it is ours; the host's was looked at
  int descriptor() const { return fd_; }

 private:
  int fd_;
  std::string path_;
};

class SftpFolder final : public Folder {
 public:
  SftpFolder(std::unique_ptr<SftpSession> session, const DropSettings& settings)
      : session_(std::move(session)), folder_(settings.folder), spool_(settings.spool) {}

  Result<std::vector<Entry>> list() override {
    auto out = LH_TRY(session_->list(folder_));
    std::sort(out.begin(), out.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return out;
  }

  Result<std::unique_ptr<Picked>> pick(const Entry& entry) override {
    const std::string path = folder_ + "/" + entry.name;
    LH_TRY(same(path, entry));
    auto file = std::make_unique<FetchedFile>(LH_TRY(open_spool(spool_)));
    std::uint64_t bytes = 0;
    LH_TRY(session_->read(path, [&](ByteView piece) {
      bytes += piece.size();
      if (bytes > entry.size) return changed(entry);
      return write_all(file->descriptor(), piece);
    }));
    LH_TRY(same(path, entry));  // nobody wrote to it while it was fetched
    if (bytes != entry.size) return changed(entry).error();
    return std::unique_ptr<Picked>(std::move(file));
  }

  Status move(const std::string& name, const std::string& to_folder) override {
    const std::string from = folder_ + "/" + name;
    std::string target = to_folder + "/" + name;
    for (int copy = 1; copy < 1000; ++copy) {
      if (!LH_TRY(session_->find(from))) return {};  // somebody else has moved it
      if (LH_TRY(session_->rename(from, target))) return {};
      target = to_folder + "/" + name + "." + std::to_string(copy);
    }
    return Error(Reason::kSourceUnavailable, "archiving " + name);
  }

  Status add(const std::string& folder, const std::string& name, ByteView bytes) override {
    const std::string target = folder + "/" + name;
    if (LH_TRY(session_->find(target))) return {};
    const std::string part = folder + "/." + name + ".part";
    LH_TRY(session_->write(part, bytes));
    LH_TRY(session_->rename(part, target));
    return {};
  }

 private:
  static Status changed(const Entry& entry) {
    return Error(Reason::kSourceUnavailable, entry.name + " was written to while it was fetched");
  }
  Status same(const std::string& path, const Entry& entry) {
    const auto now = LH_TRY(session_->find(path));
    if (now && now->size == entry.size && now->modified_ns == entry.modified_ns) return {};
    return changed(entry);
  }

  std::unique_ptr<SftpSession> session_;
  std::string folder_;
  std::string spool_;
};

}  // namespace

Result<std::unique_ptr<Folder>> open_sftp_folder(const DropSettings& settings,
                                                 const Surroundings& around) {
  auto session = LH_TRY(SftpSession::connect(*settings.sftp, around));
  return std::unique_ptr<Folder>(std::make_unique<SftpFolder>(std::move(session), settings));
}

}  // namespace lh::adapters::drop
