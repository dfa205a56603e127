/* image.h - the file of the running program, looked at section by section.
 *
 * Mapped read-only and given back; nothing comes from the heap. Knows ELF, not what is in a
 * section.
 */
#ifndef HEDDLE_CALL_IMAGE_H
#define HEDDLE_CALL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image {
	const unsigned char *bytes;
	size_t size;
	uintptr_t bias; /* what is added to an address in the file to get the one in memory */
};

struct section {
	const unsigned char *bytes;
	size_t size;
};

/* False when the file cannot be read or is not what runs here; then there is nothing to close. */
bool image_open(struct image *image);
void image_close(struct image *image);

/* The section `name`; of size 0 when there is none, or none that can be read as it stands. */
struct section image_section(const struct image *image, const char *name);

#endif
