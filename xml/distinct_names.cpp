#include "xml/distinct_names.hpp"

#include <functional>

namespace beatsync::xml {

bool distinct_names::add_new(std::string_view name) {
  hashes_.insert(std::hash<std::string_view>()(name));
  return hashes_.size() <= limit_;
}

}  // namespace beatsync::xml
