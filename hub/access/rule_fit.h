// Whether a sharing rule speaks of a caller: the parts that decide() and explain() share. Pure.
#pragma once

#include <string_view>

#include "hub/access/registry.h"
#include "schemas/catalogue.h"

namespace lh::hub::access {

bool names_caller(const schemas::SharingRule& rule, const Caller& caller);
bool holds_division(const schemas::SharingRule& rule, const Caller& caller);
bool grants_role(const schemas::SharingRule& rule, const Caller& caller);
// A denial that names no field denies the object as a whole.
bool covers_field(const schemas::SharingRule& rule, std::string_view field);

}  // namespace lh::hub::access
