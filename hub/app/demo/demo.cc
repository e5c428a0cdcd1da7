#include "hub/app/demo/demo.h"

#include <Poco/Util/ServerApplication.h>

#include <iostream>

#include "base/log.h"
#include "hub/app/demo/main_job.h"

namespace lh::hub::app::demo {
namespace {

class Waiting final : public Poco::Util::ServerApplication {
 public:
  void wait() { waitForTerminationRequest(); }
};

void tell_addresses(Stage& stage) {
  const std::string departments =
      "https://127.0.0.1:" + std::to_string(stage.port(api::Listener::kDepartments));
  const std::string everybody =
      "https://127.0.0.1:" + std::to_string(stage.port(api::Listener::kPublic));
  std::cout << "\nThe hub goes on serving; Ctrl-C ends it.\n"
            << "  departments  " << departments << "   (API: " << departments << "/docs)\n"
            << "  public       " << everybody << "\n"
            << "  data         " << stage.dir() << "\n"
            << "  certificates " << stage.certificates() << "\n"
            << "Try:\n"
            << "  curl --cacert " << stage.dir() << "/trust/root.pem --cert "
            << stage.certificates() << "/approval.pem --key " << stage.certificates()
            << "/approval.key \\\n       " << departments << "/readyz\n"
            << "  licencehub audit search --data-dir " << stage.dir()
            << " --event material.fetched\n"
            << std::flush;
}

}  // namespace

Result<int> run_demo(const DemoOptions& options) {
  const SystemClock clock;
  Waiting waiting;  // before any thread: they inherit its signal mask
  set_log_level(LogLevel::kWarning);
  Narrator narrator(clock);
  std::cout << "Licence Hub: the main job on "
            << (options.source.empty() ? "fictitious sample data" : options.source) << "\n";
  auto cast = LH_TRY(choose_cast(options));
  narrator.step("A hub is founded; departments are registered with their certificates", "建节点");
  auto stage = LH_TRY(Stage::set(options, narrator));
  narrator.check(stage->hub().services().readiness().ready(), "the hub is ready");
  MainJob job(*stage, std::move(cast), options, narrator);
  LH_TRY(job.perform());
  narrator.close();
  if (options.once) return narrator.all_held() ? 0 : 1;
  tell_addresses(*stage);
  waiting.wait();
  return narrator.all_held() ? 0 : 1;
}

}  // namespace lh::hub::app::demo
