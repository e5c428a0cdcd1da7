# Writes ${OUT}: a table lh::embedded::${NAME}() of (relative path, bytes) over the files of
# ${LIST}. The bytes are taken in by the assembler (.incbin), so large files cost no compile time.
file(STRINGS ${LIST} files)
set(externs "")
set(rows "")
set(n 0)
foreach(f IN LISTS files)
  if(f STREQUAL "")
    continue()
  endif()
  file(RELATIVE_PATH rel ${BASE} ${f})
  set(s "lh_${NAME}_${n}")
  string(APPEND externs
    "__asm__(\".section .rodata\\n.global ${s}_b\\n${s}_b:\\n.incbin \\\"${f}\\\"\\n\"\n"
    "        \".global ${s}_e\\n${s}_e:\\n.byte 0\\n.previous\\n\");\n"
    "extern \"C\" { extern const char ${s}_b[]; extern const char ${s}_e[]; }\n")
  string(APPEND rows
    "      {\"${rel}\", std::string_view(${s}_b, static_cast<std::size_t>(${s}_e - ${s}_b))},\n")
  math(EXPR n "${n}+1")
endforeach()
file(WRITE ${OUT}
  "// Made by tools/cmake/embed.cmake; do not edit.\n"
  "#include \"base/embedded.h\"\n\n"
  "namespace lh::embedded { std::span<const File> ${NAME}(); }\n"
  "${externs}\n"
  "namespace lh::embedded {\n"
  "std::span<const File> ${NAME}() {\n"
  "  static const File kFiles[] = {\n${rows}  };\n"
  "  return kFiles;\n"
  "}\n"
  "}  // namespace lh::embedded\n")
