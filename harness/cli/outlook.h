/* outlook.h - how far is the search of a wakeup tree, and how far may it have to go?
 *
 * Read by who does not own any of the tree, while the workers change it: what was read counts only
 * where nobody has changed anything meanwhile.
 */
#ifndef HEDDLE_CLI_OUTLOOK_H
#define HEDDLE_CLI_OUTLOOK_H

#include "session/shared.h"
#include "cli/estimate.h"

struct outlook {
	uint64_t done;	  /* executions that went through the tree */
	uint64_t planned; /* executions that will be made at least, those in flight included */
	bool has_total;	  /* there is something to tell the total from */
	double total;
};

/* Fills in `outlook`, with `memory` for the time being. False where the tree has changed meanwhile,
 * or is too large to go through or to be counted. */
bool outlook_read(const struct dpor_tree *tree, struct estimate *memory, struct outlook *outlook);

#endif
