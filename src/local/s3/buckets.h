#pragma once

#include "local/s3/shop.h"

namespace athanor::local::s3 {

/// Operations on buckets, which are the resources of type AWS::S3::Bucket.
http::Response listBuckets(Shop& shop, Exchange& exchange);
http::Response createBucket(Shop& shop, Exchange& exchange);
http::Response deleteBucket(Shop& shop, Exchange& exchange);
http::Response headBucket(Shop& shop, Exchange& exchange);
http::Response getLocation(Shop& shop, Exchange& exchange);
/// Versions are not kept: that it was never switched on.
http::Response getVersioning(Shop& shop, Exchange& exchange);
http::Response getTagging(Shop& shop, Exchange& exchange);
http::Response getCors(Shop& shop, Exchange& exchange);
http::Response putCors(Shop& shop, Exchange& exchange);
http::Response deleteCors(Shop& shop, Exchange& exchange);
/// One of the lists of listing.h.
http::Response list(Shop& shop, Exchange& exchange, std::string (*made)(Index&, const Bucket&, const Call&));

}  // namespace athanor::local::s3
