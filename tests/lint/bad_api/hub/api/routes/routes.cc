// A route that no page describes.
void add(Router& router) {
  router.add({Method::kPost, "/v1/hidden", Offered::kBoth, 0, run});
}
