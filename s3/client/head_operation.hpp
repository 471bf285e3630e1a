#pragma once

/// HeadObject, which also settles whether a write whose answer was lost has arrived.
/// Lives in one call's frame.

#include "s3/client/operation.hpp"
#include "s3/types.hpp"

#include <string_view>

namespace beatsync::s3 {

class head_operation final : public operation {
 public:
  explicit head_operation(std::string_view object_key)
      : operation("HeadObject", "HEAD", object_key) {}

  object_head head;

  void prepare() override;
  bool accepts(int status) const override;
  awaitable<failure_ptr> take(http_connection& from) override;
  void refused(failure& why) override;

 private:
  bool by_get_ = false;  ///< the refusal of a HEAD says nothing; that of a GET does
  bool empty_ = false;   ///< a GET of its first byte was answered 416
};

}  // namespace beatsync::s3
