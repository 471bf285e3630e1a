#pragma once

/// The settings of `plan`, `apply` and `status`: where the manifests are, and which shard. Pure.

#include "cli/settings/options.hpp"
#include "cli/settings/settings.hpp"
#include "cli/settings/surroundings.hpp"
#include "cli/settings/usage_error.hpp"

namespace beatsync::cli {

/// After SRC and DST are known. Does nothing for other commands.
result<void> take_plan(const options& given, const surroundings& around, settings& into);

/// A plan that lay within what it is a plan of would be part of the next one.
usage_error plan_within();

}  // namespace beatsync::cli
