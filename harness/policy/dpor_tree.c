#include "policy/dpor_tree.h"

/* A worker should have this part of its share of the nodes at hand. */
#define SHORT 8u

_Static_assert(sizeof(struct dpor_node) == 64, "a node is a cache line");

/* A worker keeps this part of its share for the executions themselves. */
#define RESERVE 16u

void dpor_tree_reset(struct dpor_tree *tree, uint32_t workers, uint32_t generation, uint32_t nodes)
{
	uint32_t share = (nodes - DPOR_ROOT - 1) / workers;

	tree->share = share;
	tree->reserve = share / RESERVE;
	tree->sources = 0;
	tree->workers = workers;
	tree->free = tree->free_last = tree->spare = 0;
	tree->name_count = 1;
	tree->left_count = tree->left_open = 0;
	tree->nodes[DPOR_ROOT] = (struct dpor_node){.owner = 0};
	for (uint32_t i = 0; i < workers; i++) {
		struct dpor_worker *worker = &tree->worker[i];

		worker->log_count = worker->log_is_full = 0;
		worker->task = worker->next = worker->free = worker->spare = worker->taken = 0;
		worker->executions = worker->executions_high = worker->redundant = 0;
		worker->cuts += worker->cuts & 1;
		worker->unused = DPOR_ROOT + 1 + i * share;
		worker->end = worker->unused + share;
	}
	tree->generation = generation;
}

/* ---- locks and the log ---- */

void dpor_tree_take(struct dpor_hand *hand, uint32_t *lock)
{
	if (hand->lock)
		hand->lock(lock, hand->number);
}

void dpor_tree_give(struct dpor_hand *hand, uint32_t *lock)
{
	if (hand->lock)
		hand->unlock(lock);
}

/* The stores have to come in this order for whoever finds the memory later; the processor keeps
 * it. */
#define COMPILER_BARRIER() __atomic_signal_fence(__ATOMIC_SEQ_CST)

void dpor_tree_set(struct dpor_hand *hand, uint32_t *word, uint32_t value)
{
	struct dpor_worker *worker = hand->worker;

	if (worker->log_count < DPOR_LOG_MAX) {
		worker->log[worker->log_count] = (struct dpor_undo){
			.at = (uint32_t)(word - (uint32_t *)hand->tree), .old = *word};
		COMPILER_BARRIER();
		worker->log_count++;
	} else {
		worker->log_is_full = 1;
	}
	COMPILER_BARRIER();
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

void dpor_tree_commit(struct dpor_hand *hand)
{
	COMPILER_BARRIER();
	hand->worker->log_count = 0;
	hand->worker->log_is_full = 0;
}

void dpor_tree_undo(struct dpor_hand *hand)
{
	struct dpor_worker *worker = hand->worker;
	uint32_t *words = (uint32_t *)hand->tree;

	while (worker->log_count) {
		const struct dpor_undo *undo = &worker->log[worker->log_count - 1];

		words[undo->at] = undo->old;
		COMPILER_BARRIER();
		worker->log_count--;
	}
	COMPILER_BARRIER();
	worker->cuts += worker->cuts & 1;
}

bool dpor_tree_mend(struct dpor_hand *hand)
{
	dpor_tree_undo(hand);
	for (uint32_t i = 0; i < hand->tree->workers; i++)
		if (hand->tree->worker[i].lock == hand->number)
			hand->tree->worker[i].lock = 0;
	if (hand->tree->lock == hand->number)
		hand->tree->lock = 0;
	return !hand->worker->log_is_full;
}

/* ---- nodes ---- */

/* Nodes of one execution lie one after the other in most cases, for they were taken so, and freed
 * from the last to the first. Those that were kept for long are in no cache. */
#define AHEAD 4u

static void prefetch(const struct dpor_hand *hand, uint32_t node)
{
	__builtin_prefetch(&hand->tree->nodes[node], 1);
}

/* A node that is in nobody's list. The words that it had when it was free are needed again should
 * this be undone: that is the link to the next free one. */
static uint32_t node_take(struct dpor_hand *hand)
{
	struct dpor_worker *worker = hand->worker;
	uint32_t at = worker->free;

	if (at) {
		prefetch(hand, at + AHEAD);
		prefetch(hand, at + 2 * AHEAD);
		dpor_tree_set(hand, &worker->free, hand->tree->nodes[at].next);
		dpor_tree_set(hand, &worker->spare, worker->spare - 1);
		dpor_tree_set(hand, &hand->tree->nodes[at].next, 0);
	} else if (worker->unused == worker->end) {
		hand->is_exhausted = true;
		return 0;
	} else {
		at = worker->unused;
		dpor_tree_set(hand, &worker->unused, at + 1);
	}
	dpor_tree_set(hand, &worker->taken, worker->taken + 1);
	return at;
}

static uint32_t *tail(struct dpor_tree *tree, uint32_t node)
{
	uint32_t *link = &tree->nodes[node].first;

	while (*link)
		link = &tree->nodes[*link].next;
	return link;
}

/* Something below it is to be explored (again). */
static void reopen(struct dpor_hand *hand, uint32_t node)
{
	struct dpor_tree *tree = hand->tree;

	for (; node && tree->nodes[node].explored; node = tree->nodes[node].parent)
		dpor_tree_set(hand, &tree->nodes[node].explored, 0);
}

uint32_t dpor_tree_append(struct dpor_hand *hand, uint32_t parent, const struct dpor_step *steps,
			  uint32_t count)
{
	struct dpor_tree *tree = hand->tree;
	uint32_t *link = tail(tree, parent), head = 0, last = parent;

	/* Whoever reads the list meanwhile finds all of them or none. */
	for (uint32_t i = 0; i < count; i++) {
		uint32_t fresh = node_take(hand);

		if (!fresh)
			break;
		tree->nodes[fresh] = (struct dpor_node){.step = steps[i], .parent = last};
		if (head)
			tree->nodes[last].first = fresh;
		else
			head = fresh;
		last = fresh;
	}
	if (head)
		dpor_tree_set(hand, link, head);
	reopen(hand, parent);
	return head;
}

uint32_t dpor_tree_open(const struct dpor_tree *tree, uint32_t node)
{
	uint32_t child = __atomic_load_n(&tree->nodes[node].first, __ATOMIC_ACQUIRE);

	while (child && tree->nodes[child].explored)
		child = __atomic_load_n(&tree->nodes[child].next, __ATOMIC_ACQUIRE);
	return child;
}

/* Frees what is below `node`, from the leaves up: its children are taken off one after the other.
 * No more than the log can hold: what is left over goes with the parent. */
static void below_free(struct dpor_hand *hand, uint32_t node, uint32_t *list, uint32_t *last,
		       uint32_t *count)
{
	struct dpor_node *nodes = hand->tree->nodes;
	uint32_t top = node;

	while (hand->worker->log_count < DPOR_LOG_MAX / 2) {
		uint32_t child = nodes[node].first;

		if (child) {
			node = child;
			prefetch(hand, node + AHEAD);
			continue;
		}
		if (node == top)
			return;
		child = node;
		node = nodes[child].parent;
		dpor_tree_set(hand, &nodes[node].first, nodes[child].next);
		dpor_tree_set(hand, &nodes[child].next, *list);
		if (!*list && last)
			dpor_tree_set(hand, last, child);
		dpor_tree_set(hand, list, child);
		dpor_tree_set(hand, count, *count + 1);
	}
}

/* Those that the worker had put there itself. */
static void own_free(struct dpor_hand *hand, uint32_t node)
{
	below_free(hand, node, &hand->worker->free, 0, &hand->worker->spare);
}

void dpor_tree_cut(struct dpor_hand *hand, uint32_t node)
{
	uint32_t *cuts = &hand->worker->cuts;

	if (!hand->tree->nodes[node].first)
		return;
	__atomic_store_n(cuts, *cuts + 1, __ATOMIC_SEQ_CST);
	own_free(hand, node);
	__atomic_store_n(cuts, *cuts + 1, __ATOMIC_RELEASE);
}

/* ---- what has been explored ---- */

void dpor_tree_left_begin(struct dpor_hand *hand, uint32_t count)
{
	dpor_tree_set(hand, &hand->tree->left_open, count);
	dpor_tree_set(hand, &hand->tree->left_count, count);
}

static void left_close(struct dpor_hand *hand, uint32_t node)
{
	struct dpor_tree *tree = hand->tree;
	struct dpor_left *left = &tree->left[tree->left_open - 1];
	uint32_t first = tree->nodes[node].first;

	left->leaves = tree->nodes[node].leaves;
	left->first_leaves = first ? tree->nodes[first].leaves : left->leaves;
	dpor_tree_set(hand, &tree->left_open, tree->left_open - 1);
}

/* The count comes out the same should this be undone and done again, so it is in no log. */
static void node_close(struct dpor_hand *hand, uint32_t node)
{
	struct dpor_tree *tree = hand->tree;
	uint64_t leaves = 0;

	for (uint32_t n = tree->nodes[node].first; n; n = tree->nodes[n].next)
		leaves += tree->nodes[n].leaves;
	if (leaves > UINT32_MAX)
		leaves = UINT32_MAX;
	tree->nodes[node].leaves = leaves ? (uint32_t)leaves : 1;
	if (tree->left_open && tree->left[tree->left_open - 1].node == node)
		left_close(hand, node);
	dpor_tree_set(hand, &tree->nodes[node].explored, 1);
}

void dpor_tree_explored(struct dpor_hand *hand, uint32_t node)
{
	node_close(hand, node);
	if (!hand->keeps)
		own_free(hand, node);
}

/* ---- tasks ---- */

bool dpor_tree_is_leftmost(struct dpor_hand *hand)
{
	const struct dpor_node *nodes = hand->tree->nodes;

	hand->left = 0;
	if (hand->tree->workers == 1)
		return true;
	for (uint32_t node = hand->worker->next; node != DPOR_ROOT; node = nodes[node].parent)
		for (uint32_t left = nodes[nodes[node].parent].first; left != node;
		     left = nodes[left].next)
			if (!nodes[left].explored) {
				hand->left = left;
				return false;
			}
	return true;
}

/* Where the node has been cut off meanwhile, more is kept than there need be, until the worker
 * looks for a task again. */
void dpor_tree_keep(struct dpor_hand *hand)
{
	hand->keeps = (hand->left && !hand->tree->nodes[hand->left].explored) ||
		      !dpor_tree_is_leftmost(hand);
}

/* The leftmost task below `node` that nobody has, or 0. */
static uint32_t task_find(const struct dpor_tree *tree, uint32_t node)
{
	uint32_t owner = tree->nodes[node].owner;

	if (tree->nodes[node].explored || (owner && owner != DPOR_PUBLIC))
		return 0;
	if (!owner)
		return node;
	for (uint32_t child = tree->nodes[node].first; child; child = tree->nodes[child].next) {
		uint32_t found = task_find(tree, child);

		if (found)
			return found;
	}
	return 0;
}

bool dpor_tree_claim(struct dpor_hand *hand)
{
	uint32_t task = task_find(hand->tree, DPOR_ROOT);

	if (!task)
		return false;
	dpor_tree_set(hand, &hand->tree->nodes[task].owner, hand->number);
	dpor_tree_set(hand, &hand->worker->task, task);
	dpor_tree_set(hand, &hand->worker->next, task);
	dpor_tree_set(hand, &hand->worker->taken, 0);
	return true;
}

uint32_t dpor_tree_left(const struct dpor_hand *hand)
{
	return hand->worker->spare + (hand->worker->end - hand->worker->unused);
}

bool dpor_tree_is_short(const struct dpor_hand *hand)
{
	return hand->tree->spare && dpor_tree_left(hand) < hand->tree->share / SHORT;
}

void dpor_tree_supply(struct dpor_hand *hand)
{
	struct dpor_tree *tree = hand->tree;
	struct dpor_worker *worker = hand->worker;

	if (!tree->free)
		return;
	dpor_tree_set(hand, &tree->nodes[tree->free_last].next, worker->free);
	dpor_tree_set(hand, &worker->free, tree->free);
	dpor_tree_set(hand, &worker->spare, worker->spare + tree->spare);
	dpor_tree_set(hand, &tree->free, 0);
	dpor_tree_set(hand, &tree->spare, 0);
}

/* Nothing else may be half done. */
static void all_below_free(struct dpor_hand *hand, uint32_t node)
{
	do {
		dpor_tree_commit(hand);
		below_free(hand, node, &hand->tree->free, &hand->tree->free_last,
			   &hand->tree->spare);
	} while (hand->tree->nodes[node].first);
}

/* What has been explored and has nothing that is not to the left of it. */
static void left_free(struct dpor_hand *hand)
{
	struct dpor_tree *tree = hand->tree;
	uint32_t node = DPOR_ROOT;

	while (node && tree->nodes[node].owner == DPOR_PUBLIC && !tree->nodes[node].explored) {
		uint32_t child = tree->nodes[node].first;

		for (; child && tree->nodes[child].explored; child = tree->nodes[child].next)
			all_below_free(hand, child);
		node = child;
	}
	if (node && tree->nodes[node].explored)
		all_below_free(hand, node);
}

void dpor_tree_finish(struct dpor_hand *hand)
{
	struct dpor_tree *tree = hand->tree;
	uint32_t node = hand->worker->task;

	dpor_tree_set(hand, &tree->nodes[node].owner, 0);
	dpor_tree_set(hand, &hand->worker->task, 0);
	while (node && !dpor_tree_open(tree, node)) {
		node_close(hand, node);
		node = tree->nodes[node].parent;
	}
	left_free(hand);
}

void dpor_tree_leave(struct dpor_hand *hand)
{
	dpor_tree_set(hand, &hand->tree->nodes[hand->worker->task].owner, 0);
	dpor_tree_set(hand, &hand->worker->task, 0);
	dpor_tree_set(hand, &hand->worker->next, 0);
}

void dpor_tree_publish(struct dpor_hand *hand, uint32_t child)
{
	struct dpor_node *nodes = hand->tree->nodes;

	dpor_tree_set(hand, &nodes[hand->worker->task].owner, 0);
	for (uint32_t node = nodes[child].parent; node; node = nodes[node].parent) {
		if (nodes[node].owner == DPOR_PUBLIC)
			break;
		dpor_tree_set(hand, &nodes[node].owner, DPOR_PUBLIC);
	}
	dpor_tree_set(hand, &nodes[child].owner, hand->number);
	dpor_tree_set(hand, &hand->worker->task, child);
}
