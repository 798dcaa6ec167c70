#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/catalogue.h"

namespace athanor::local::admin {

/// An API of AWS, and what of it is answered: taken from the tables that requests are sent by.
struct ServiceCoverage {
  std::string_view name;   ///< "cloudcontrol", as the request log has it
  std::string_view title;  ///< "Cloud Control API"
  std::vector<std::string_view> served;
};
std::vector<ServiceCoverage> servedServices();

/// What becomes of a resource type in Cloud Control.
struct TypeCoverage {
  std::string name;
  bool behaves = false;       ///< beyond its schema, as its service does
  std::string notDeployable;  ///< why it is not served; "" where it is
  bool served() const { return notDeployable.empty(); }
};
TypeCoverage coverageOf(const schema::Type& type);
/// All types of the catalogue, in the order of their names. Takes a few hundred milliseconds.
std::vector<TypeCoverage> coverageOfAll(const schema::Catalogue& catalogue);

}  // namespace athanor::local::admin
