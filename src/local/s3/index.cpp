#include "local/s3/index.h"

#include "base/json.h"

namespace athanor::local::s3 {

using cloudcontrol::fromMilliseconds;
using cloudcontrol::milliseconds;
using cloudcontrol::Use;

namespace {

// Keys are blobs, so that they compare by bytes, whatever they hold. A bucket takes its objects along however
// it goes; their files are then orphans until the next start.
constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS s3_objects (
  bucket INTEGER NOT NULL, key BLOB NOT NULL,
  file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  algorithm TEXT NOT NULL, checksum TEXT NOT NULL, composite INTEGER NOT NULL,
  description TEXT NOT NULL, modified INTEGER NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  bucket INTEGER NOT NULL, key BLOB NOT NULL, token TEXT NOT NULL,
  algorithm TEXT NOT NULL, composite INTEGER NOT NULL, description TEXT NOT NULL, begun INTEGER NOT NULL,
  UNIQUE (bucket, key, token));
CREATE TABLE IF NOT EXISTS s3_parts (
  upload INTEGER NOT NULL, number INTEGER NOT NULL,
  file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  algorithm TEXT NOT NULL, checksum TEXT NOT NULL, modified INTEGER NOT NULL,
  PRIMARY KEY (upload, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_access (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, bucket TEXT NOT NULL, operation TEXT NOT NULL, key BLOB NOT NULL,
  role TEXT NOT NULL, size INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS resources_buckets ON resources (identifier) WHERE type = 'AWS::S3::Bucket';
CREATE TRIGGER IF NOT EXISTS s3_bucket_goes AFTER DELETE ON resources WHEN old.type = 'AWS::S3::Bucket' BEGIN
  DELETE FROM s3_objects WHERE bucket = old.seq;
  DELETE FROM s3_parts WHERE upload IN (SELECT id FROM s3_uploads WHERE bucket = old.seq);
  DELETE FROM s3_uploads WHERE bucket = old.seq;
END;
)";

constexpr const char* objectColumns =
    "file, size, etag, algorithm, checksum, composite, description, modified, role";
constexpr const char* uploadColumns =
    "SELECT id, bucket, token, key, algorithm, composite, description, begun FROM s3_uploads ";
constexpr const char* listedColumns =
    "SELECT key, size, etag, algorithm, composite, modified FROM s3_objects WHERE bucket = ? AND ";

void bindKey(SQLite::Statement& to, int at, std::string_view key) {
  to.bind(at, key.data() ? static_cast<const void*>(key.data()) : "", static_cast<int>(key.size()));
}

Time wholeSeconds(const SQLite::Column& column) { return fromMilliseconds(column.getInt64()); }

std::string encoded(const Description& description) {
  return Json{{"headers", description.headers}, {"metadata", description.metadata}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
}

Description decoded(const std::string& text) {
  const auto json = Json::parse(text);
  return {json.at("headers").get<http::Headers>(), json.at("metadata").get<http::Headers>()};
}

Upload readUpload(SQLite::Statement& from) {
  Upload out;
  out.id = from.getColumn(0).getInt64();
  out.bucket = from.getColumn(1).getInt64();
  out.token = from.getColumn(2).getString();
  out.key = from.getColumn(3).getString();
  out.checksum = {from.getColumn(4).getString(), "", from.getColumn(5).getInt() != 0};
  out.description = decoded(from.getColumn(6).getString());
  out.begun = fromMilliseconds(from.getColumn(7).getInt64());
  return out;
}

std::string sql(std::string_view before, std::string_view columns, std::string_view after) {
  return std::string(before) + std::string(columns) + std::string(after);
}

}  // namespace

Index::Tables::Tables(cloudcontrol::Database& database) { database.sqlite().exec(tables); }

Index::Index(cloudcontrol::Database& database)
    : database_(database),
      tables_(database),
      bucket_(database.sqlite(),
              "SELECT seq, account, region FROM resources WHERE type = 'AWS::S3::Bucket' AND identifier = ? "
              "ORDER BY account = ? DESC, region = ? DESC, seq LIMIT 1"),
      buckets_(database.sqlite(),
               "SELECT seq, region, identifier, visible_from FROM resources WHERE type = 'AWS::S3::Bucket' "
               "AND account = ? ORDER BY identifier, seq"),
      anyObject_(database.sqlite(), "SELECT 1 FROM s3_objects WHERE bucket = ? LIMIT 1"),
      find_(database.sqlite(),
            sql("SELECT ", objectColumns, " FROM s3_objects WHERE bucket = ? AND key = ?")),
      put_(database.sqlite(), sql("INSERT OR REPLACE INTO s3_objects (", objectColumns,
                                  ", bucket, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      erase_(database.sqlite(), "DELETE FROM s3_objects WHERE bucket = ? AND key = ? RETURNING file"),
      listFrom_(database.sqlite(), sql("", listedColumns, "key >= ? ORDER BY key LIMIT ?")),
      listAfter_(database.sqlite(), sql("", listedColumns, "key > ? ORDER BY key LIMIT ?")),
      begin_(database.sqlite(),
             "INSERT INTO s3_uploads (bucket, key, token, algorithm, composite, description, begun) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)"),
      upload_(database.sqlite(), sql("", uploadColumns, "WHERE bucket = ? AND key = ? AND token = ?")),
      uploads_(
          database.sqlite(),
          sql("", uploadColumns, "WHERE bucket = ? AND (key, token) > (?, ?) ORDER BY key, token LIMIT ?")),
      part_(database.sqlite(), "SELECT file FROM s3_parts WHERE upload = ? AND number = ?"),
      putPart_(database.sqlite(),
               "INSERT OR REPLACE INTO s3_parts (upload, number, file, size, etag, algorithm, checksum, "
               "modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      parts_(database.sqlite(),
             "SELECT number, file, size, etag, algorithm, checksum, modified FROM s3_parts "
             "WHERE upload = ? AND number > ? ORDER BY number LIMIT ?"),
      partFiles_(database.sqlite(), "SELECT file FROM s3_parts WHERE upload = ?"),
      endUpload_(database.sqlite(), "DELETE FROM s3_uploads WHERE id = ?"),
      endParts_(database.sqlite(), "DELETE FROM s3_parts WHERE upload = ?"),
      log_(database.sqlite(),
           "INSERT INTO s3_access (at, bucket, operation, key, role, size) VALUES (?, ?, ?, ?, ?, ?)"),
      trimLog_(database.sqlite(), "DELETE FROM s3_access WHERE seq <= ?") {}

std::optional<Bucket> Index::bucket(const std::string& name, const Caller& caller) {
  Use use(bucket_);
  use->bind(1, name);
  use->bind(2, caller.account);
  use->bind(3, caller.region);
  if (!use->executeStep()) return {};
  return Bucket{
      use->getColumn(0).getInt64(), {use->getColumn(1).getString(), use->getColumn(2).getString()}, name};
}

std::vector<Index::OwnedBucket> Index::buckets(const std::string& account) {
  Use use(buckets_);
  use->bind(1, account);
  std::vector<OwnedBucket> out;
  while (use->executeStep())
    out.push_back({{use->getColumn(0).getInt64(),
                    {account, use->getColumn(1).getString()},
                    use->getColumn(2).getString()},
                   fromMilliseconds(use->getColumn(3).getInt64())});
  return out;
}

bool Index::empty(std::int64_t bucket) {
  Use use(anyObject_);
  use->bind(1, bucket);
  return !use->executeStep();
}

std::optional<Object> Index::find(std::int64_t bucket, std::string_view key) {
  Use use(find_);
  use->bind(1, bucket);
  bindKey(*use, 2, key);
  if (!use->executeStep()) return {};
  Object out;
  out.key = key;
  out.content.file = use->getColumn(0).getString();
  out.content.size = static_cast<std::uint64_t>(use->getColumn(1).getInt64());
  out.content.etag = use->getColumn(2).getString();
  out.content.checksum = {use->getColumn(3).getString(), use->getColumn(4).getString(),
                          use->getColumn(5).getInt() != 0};
  out.description = decoded(use->getColumn(6).getString());
  out.modified = wholeSeconds(use->getColumn(7));
  out.role = use->getColumn(8).getString();
  return out;
}

std::string Index::put(std::int64_t bucket, const Object& object) {
  auto replaced = erase(bucket, object.key).value_or("");
  Use use(put_);
  int at = 0;
  use->bind(++at, object.content.file);
  use->bind(++at, static_cast<std::int64_t>(object.content.size));
  use->bind(++at, object.content.etag);
  use->bind(++at, object.content.checksum.algorithm);
  use->bind(++at, object.content.checksum.value);
  use->bind(++at, object.content.checksum.composite ? 1 : 0);
  use->bind(++at, encoded(object.description));
  use->bind(++at, milliseconds(object.modified));
  use->bind(++at, object.role);
  use->bind(++at, bucket);
  bindKey(*use, ++at, object.key);
  use->exec();
  return replaced;
}

std::optional<std::string> Index::erase(std::int64_t bucket, std::string_view key) {
  Use use(erase_);
  use->bind(1, bucket);
  bindKey(*use, 2, key);
  if (!use->executeStep()) return {};
  auto file = use->getColumn(0).getString();
  while (use->executeStep()) continue;
  return file;
}

std::vector<Listed> Index::list(std::int64_t bucket, std::string_view from, bool inclusive, int most) {
  Use use(inclusive ? listFrom_ : listAfter_);
  use->bind(1, bucket);
  bindKey(*use, 2, from);
  use->bind(3, most);
  std::vector<Listed> out;
  while (use->executeStep())
    out.push_back({use->getColumn(0).getString(), static_cast<std::uint64_t>(use->getColumn(1).getInt64()),
                   use->getColumn(2).getString(), use->getColumn(3).getString(),
                   use->getColumn(4).getInt() != 0, wholeSeconds(use->getColumn(5))});
  return out;
}

void Index::begin(Upload& upload) {
  Use use(begin_);
  use->bind(1, upload.bucket);
  bindKey(*use, 2, upload.key);
  use->bind(3, upload.token);
  use->bind(4, upload.checksum.algorithm);
  use->bind(5, upload.checksum.composite ? 1 : 0);
  use->bind(6, encoded(upload.description));
  use->bind(7, milliseconds(upload.begun));
  use->exec();
  upload.id = database_.sqlite().getLastInsertRowid();
}

std::optional<Upload> Index::upload(std::int64_t bucket, std::string_view key, std::string_view token) {
  Use use(upload_);
  use->bind(1, bucket);
  bindKey(*use, 2, key);
  use->bind(3, std::string(token));
  if (!use->executeStep()) return {};
  return readUpload(*use);
}

std::vector<Upload> Index::uploads(std::int64_t bucket, std::string_view key, std::string_view token,
                                   int most) {
  Use use(uploads_);
  use->bind(1, bucket);
  bindKey(*use, 2, key);
  use->bind(3, std::string(token));
  use->bind(4, most);
  std::vector<Upload> out;
  while (use->executeStep()) out.push_back(readUpload(*use));
  return out;
}

std::string Index::put(std::int64_t upload, const Part& part) {
  std::string replaced;
  {
    Use use(part_);
    use->bind(1, upload);
    use->bind(2, part.number);
    if (use->executeStep()) replaced = use->getColumn(0).getString();
  }
  Use use(putPart_);
  int at = 0;
  use->bind(++at, upload);
  use->bind(++at, part.number);
  use->bind(++at, part.content.file);
  use->bind(++at, static_cast<std::int64_t>(part.content.size));
  use->bind(++at, part.content.etag);
  use->bind(++at, part.content.checksum.algorithm);
  use->bind(++at, part.content.checksum.value);
  use->bind(++at, milliseconds(part.modified));
  use->exec();
  return replaced;
}

std::vector<Part> Index::parts(std::int64_t upload, int after, int most) {
  Use use(parts_);
  use->bind(1, upload);
  use->bind(2, after);
  use->bind(3, most);
  std::vector<Part> out;
  while (use->executeStep()) {
    Part part;
    part.number = use->getColumn(0).getInt();
    part.content.file = use->getColumn(1).getString();
    part.content.size = static_cast<std::uint64_t>(use->getColumn(2).getInt64());
    part.content.etag = use->getColumn(3).getString();
    part.content.checksum = {use->getColumn(4).getString(), use->getColumn(5).getString(), false};
    part.modified = wholeSeconds(use->getColumn(6));
    out.push_back(std::move(part));
  }
  return out;
}

std::vector<std::string> Index::end(std::int64_t upload) {
  std::vector<std::string> out;
  {
    Use use(partFiles_);
    use->bind(1, upload);
    while (use->executeStep()) out.push_back(use->getColumn(0).getString());
  }
  for (auto* statement : {&endUpload_, &endParts_}) {
    Use use(*statement);
    use->bind(1, upload);
    use->exec();
  }
  return out;
}

std::vector<std::string> Index::uploadedFiles(std::int64_t bucket) {
  SQLite::Statement all(
      database_.sqlite(),
      "SELECT file FROM s3_parts WHERE upload IN (SELECT id FROM s3_uploads WHERE bucket = ?)");
  all.bind(1, bucket);
  std::vector<std::string> out;
  while (all.executeStep()) out.push_back(all.getColumn(0).getString());
  return out;
}

void Index::log(const Bucket& bucket, std::string_view operation, std::string_view key, std::string_view role,
                std::uint64_t size, Time at) {
  constexpr std::int64_t kept = 100'000;
  {
    Use use(log_);
    use->bind(1, milliseconds(at));
    use->bind(2, bucket.name);
    use->bind(3, std::string(operation));
    bindKey(*use, 4, key);
    use->bind(5, std::string(role));
    use->bind(6, static_cast<std::int64_t>(size));
    use->exec();
  }
  const auto last = database_.sqlite().getLastInsertRowid();
  if (last % 1000 != 0) return;
  Use trim(trimLog_);
  trim->bind(1, last - kept);
  trim->exec();
}

std::vector<std::string> Index::files() {
  SQLite::Statement all(database_.sqlite(),
                        "SELECT file FROM s3_objects UNION ALL SELECT file FROM s3_parts");
  std::vector<std::string> out;
  while (all.executeStep()) out.push_back(all.getColumn(0).getString());
  return out;
}

}  // namespace athanor::local::s3
