#include "local/cloudcontrol/in_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "local/cloudcontrol/failure.h"
#include "local/cloudcontrol/references.h"

namespace athanor::local::cloudcontrol {

namespace {

/// Resources of `by` keep those of `type` from being deleted, where they name one: in `property`, or in any
/// property whose schema refers to that type.
struct Rule {
  std::string_view type;
  std::string_view by;
  std::string_view property;
  std::string_view code;     ///< HandlerErrorCode
  std::string_view message;  ///< {} = the identifier
};

// Where a code is not known, it is the one whose description fits best.
constexpr std::string_view conflict = "ResourceConflict";

// Amazon EC2 API, DeleteVpc, DeleteSubnet, DeleteSecurityGroup, DeleteInternetGateway, DeleteRouteTable,
// DeleteNetworkAcl, DeleteDhcpOptions: each lists what must be gone before. The error is DependencyViolation.
constexpr std::string_view vpc = "The vpc '{}' has dependencies and cannot be deleted.";
constexpr std::string_view subnet = "The subnet '{}' has dependencies and cannot be deleted.";
constexpr std::string_view group = "resource {} has a dependent object";

constexpr std::array rules{
    Rule{"AWS::EC2::VPC", "AWS::EC2::Subnet", "", conflict, vpc},
    Rule{"AWS::EC2::VPC", "AWS::EC2::SecurityGroup", "", conflict, vpc},
    Rule{"AWS::EC2::VPC", "AWS::EC2::RouteTable", "", conflict, vpc},
    Rule{"AWS::EC2::VPC", "AWS::EC2::NetworkAcl", "", conflict, vpc},
    Rule{"AWS::EC2::VPC", "AWS::EC2::VPCGatewayAttachment", "", conflict, vpc},
    Rule{"AWS::EC2::VPC", "AWS::EC2::EgressOnlyInternetGateway", "", conflict, vpc},
    Rule{"AWS::EC2::VPC", "AWS::EC2::VPCEndpoint", "", conflict, vpc},
    Rule{"AWS::EC2::Subnet", "AWS::EC2::Instance", "", conflict, subnet},
    Rule{"AWS::EC2::Subnet", "AWS::EC2::NetworkInterface", "", conflict, subnet},
    Rule{"AWS::EC2::Subnet", "AWS::EC2::NatGateway", "", conflict, subnet},
    Rule{"AWS::EC2::Subnet", "AWS::EC2::VPCEndpoint", "", conflict, subnet},
    Rule{"AWS::EC2::Subnet", "AWS::EFS::MountTarget", "", conflict, subnet},
    Rule{"AWS::EC2::SecurityGroup", "AWS::EC2::Instance", "", conflict, group},
    Rule{"AWS::EC2::SecurityGroup", "AWS::EC2::NetworkInterface", "", conflict, group},
    Rule{"AWS::EC2::SecurityGroup", "AWS::EC2::VPCEndpoint", "", conflict, group},
    Rule{"AWS::EC2::SecurityGroup", "AWS::EFS::MountTarget", "", conflict, group},
    Rule{"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroup", "", conflict, group},
    Rule{"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "SourceSecurityGroupId", conflict,
         group},
    Rule{"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress", "DestinationSecurityGroupId", conflict,
         group},
    Rule{"AWS::EC2::InternetGateway", "AWS::EC2::VPCGatewayAttachment", "", conflict,
         "The internetGateway '{}' has dependencies and cannot be deleted."},
    Rule{"AWS::EC2::RouteTable", "AWS::EC2::SubnetRouteTableAssociation", "", conflict,
         "The routeTable '{}' has dependencies and cannot be deleted."},
    Rule{"AWS::EC2::NetworkAcl", "AWS::EC2::SubnetNetworkAclAssociation", "", conflict,
         "The networkAcl '{}' has dependencies and cannot be deleted."},
    Rule{"AWS::EC2::DHCPOptions", "AWS::EC2::VPCDHCPOptionsAssociation", "", conflict,
         "The dhcpOptions '{}' has dependencies and cannot be deleted."},

    // AWS IAM API, DeleteRole and DeletePolicy: DeleteConflict.
    Rule{"AWS::IAM::Role", "AWS::IAM::InstanceProfile", "", conflict,
         "Cannot delete entity, must remove roles from instance profile first."},
    Rule{"AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "", conflict,
         "Cannot delete a policy attached to entities."},
    Rule{"AWS::IAM::ManagedPolicy", "AWS::IAM::User", "", conflict,
         "Cannot delete a policy attached to entities."},
    Rule{"AWS::IAM::ManagedPolicy", "AWS::IAM::Group", "", conflict,
         "Cannot delete a policy attached to entities."},

    // Amazon ECS API, DeleteCluster: ClusterContainsServicesException. The code is what the type's handler is
    // seen to answer where a cluster still has container instances.
    Rule{"AWS::ECS::Cluster", "AWS::ECS::Service", "", "GeneralServiceException",
         "The Cluster cannot be deleted while Services are active."},

    // Amazon EFS API, DeleteFileSystem: FileSystemInUse.
    Rule{"AWS::EFS::FileSystem", "AWS::EFS::MountTarget", "", conflict,
         "The file system '{}' cannot be deleted because it has mount targets. You must delete the mount "
         "targets, and then try again."},

    // Amazon EKS API, DeleteCluster: ResourceInUseException.
    Rule{"AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "", conflict, "Cluster has nodegroups attached"},

    // Elastic Load Balancing API 2015-12-01, DeleteTargetGroup: ResourceInUse.
    Rule{"AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancingV2::Listener", "", conflict,
         "Target group '{}' is currently in use by a listener or a rule"},
    Rule{"AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancingV2::ListenerRule", "",
         conflict, "Target group '{}' is currently in use by a listener or a rule"},

    // Amazon RDS API, DeleteDBSubnetGroup, DeleteDBCluster, DeleteDBParameterGroup,
    // DeleteDBClusterParameterGroup: Invalid…State. The codes are those of the types' handlers, whose source
    // AWS publishes (aws-cloudformation-resource-providers-rds).
    Rule{"AWS::RDS::DBSubnetGroup", "AWS::RDS::DBInstance", "", conflict,
         "Cannot delete the subnet group '{}' because at least one database instance is still using it."},
    Rule{"AWS::RDS::DBSubnetGroup", "AWS::RDS::DBCluster", "", conflict,
         "Cannot delete the subnet group '{}' because at least one database cluster is still using it."},
    Rule{"AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "DBClusterIdentifier", conflict,
         "Cluster cannot be deleted, it still contains DB instances in non-deleting state."},
    Rule{
        "AWS::RDS::DBParameterGroup", "AWS::RDS::DBInstance", "", conflict,
        "One or more database instances are still members of this parameter group {}, so the group cannot be "
        "deleted"},
    Rule{"AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBCluster", "", conflict,
         "One or more database clusters are still members of this parameter group {}, so the group cannot be "
         "deleted"},
};

const Rule* ruleFor(std::string_view type, std::string_view by, std::string_view property) {
  const auto found = std::ranges::find_if(rules, [&](const Rule& rule) {
    return rule.type == type && rule.by == by &&
           (property.empty() || rule.property.empty() || rule.property == property);
  });
  return found == rules.end() ? nullptr : &*found;
}

bool isArn(const std::string& text) { return text.starts_with("arn:"); }

/// An ARN tells what it names; other values do only together with the property that they are.
std::string entry(const std::string& type, const std::string& property, const std::string& value) {
  return isArn(value) ? type + " " + value : fmt::format("{}/{} {}", type, property, value);
}

}  // namespace

std::vector<std::string> keptFromDeletion(const schema::Type& type, const Json& model) {
  std::vector<std::string> out;
  if (std::ranges::none_of(rules, [&](const Rule& rule) { return rule.by == type.name; })) return out;
  for (const auto& reference : referencesIn(type, model))
    for (const auto& to : *reference.to)
      if (ruleFor(to.type, type.name, reference.property))
        out.push_back(entry(to.type, to.property, reference.value));
  return out;
}

void refuseInUse(Resources& resources, const schema::Type& type, const ResourceKey& key, const Json& model) {
  if (std::ranges::none_of(rules, [&](const Rule& rule) { return rule.type == type.name; })) return;
  for (const auto& [name, value] : model.items()) {
    if (!value.is_string()) continue;
    for (const auto& holder : resources.holders(key.caller, entry(type.name, name, value))) {
      const bool itself = holder.type == key.type && holder.identifier == key.identifier;
      const auto* rule = itself ? nullptr : ruleFor(type.name, holder.type, "");
      if (rule)
        throw HandlerFailure(std::string(rule->code),
                             fmt::format(fmt::runtime(rule->message), key.identifier));
    }
  }
}

}  // namespace athanor::local::cloudcontrol
