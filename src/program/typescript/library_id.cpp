#include "program/typescript/library_id.h"

#include <jsapi.h>

#include <elf.h>
#include <js/BuildId.h>
#include <js/Initialization.h>
#include <link.h>

#include <cstring>
#include <span>

namespace athanor::program {

namespace {

struct Search {
  std::uintptr_t address;        ///< of something in the library
  std::span<const char> result;  ///< its build id
};

std::span<const char> buildId(std::span<const char> notes) {
  while (notes.size() > sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof note);
    const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
    const auto name = sizeof note;
    const auto content = name + padded(note.n_namesz);
    const auto end = content + padded(note.n_descsz);
    if (end > notes.size()) return {};
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(&notes[name], "GNU", 4) == 0)
      return notes.subspan(content, note.n_descsz);
    notes = notes.subspan(end);
  }
  return {};
}

int look(dl_phdr_info* info, std::size_t /*size*/, void* data) {
  auto& search = *static_cast<Search*>(data);
  bool contains = false;
  std::span<const char> id;
  for (const auto& header : std::span(info->dlpi_phdr, info->dlpi_phnum)) {
    const auto begin = info->dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && search.address >= begin && search.address < begin + header.p_memsz)
      contains = true;
    if (header.p_type == PT_NOTE && id.empty())
      id = buildId(
          {reinterpret_cast<const char*>(begin), header.p_memsz});  // NOLINT(performance-no-int-to-ptr)
  }
  if (contains) search.result = id;
  return contains ? 1 : 0;
}

bool give(JS::BuildIdCharVector* into) {
  Search search{.address = reinterpret_cast<std::uintptr_t>(&JS_NewContext), .result = {}};
  dl_iterate_phdr(look, &search);
  // Without an id nothing matches: the address differs in every process.
  if (search.result.empty())
    search.result = {reinterpret_cast<const char*>(&search.address), sizeof search.address};
  return into->append(search.result.data(), search.result.size());
}

}  // namespace

void identifyLibrary() { JS::SetProcessBuildIdOp(give); }

}  // namespace athanor::program
