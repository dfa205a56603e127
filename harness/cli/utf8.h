/* utf8.h - which bytes are text: messages and file names may hold any, and formats for machines
 * take UTF-8 only. */
#ifndef HEDDLE_CLI_UTF8_H
#define HEDDLE_CLI_UTF8_H

#include <stddef.h>

/* How many bytes the character that `bytes` begins with has; 0 where they are no character that XML
 * and YAML take: not UTF-8, or a control character other than a tab and the ends of lines.
 * Requires: not at the end of the string. */
size_t utf8_length(const char *bytes);

#endif
