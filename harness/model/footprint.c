#include "model/footprint.h"

#define GRANULE_BYTES 8u

void footprint_clear(struct footprint *foot)
{
	foot->count = 0;
}

static void add(struct footprint *foot, uint64_t granule, uint32_t bytes, enum foot_mode mode)
{
	if (foot->count == FOOTPRINT_MAX) {
		foot->count = 1;
		foot->feet[0] = (struct foot){.granule = FOOT_EVERYTHING, .bytes = UINT8_MAX, .mode = FOOT_WRITE};
		return;
	}
	foot->feet[foot->count++] =
		(struct foot){.granule = granule, .bytes = (uint8_t)bytes, .mode = (uint8_t)mode};
}

void footprint_add_object(struct footprint *foot, const void *object, enum foot_mode mode)
{
	uint64_t address = (uint64_t)object;

	add(foot, address / GRANULE_BYTES, 1u << (address % GRANULE_BYTES), mode);
}

void footprint_add_memory(struct footprint *foot, const void *at, uint32_t bytes, enum foot_mode mode)
{
	uint64_t address = (uint64_t)at, end = address + bytes;

	while (address < end) {
		uint64_t granule = address / GRANULE_BYTES, next = (granule + 1) * GRANULE_BYTES;
		uint32_t first = (uint32_t)(address % GRANULE_BYTES);
		uint32_t last = next > end ? (uint32_t)(end - granule * GRANULE_BYTES) : GRANULE_BYTES;

		if (foot->count && foot->feet[0].granule == FOOT_EVERYTHING)
			return;
		add(foot, granule, ((1u << last) - 1) & ~((1u << first) - 1), mode);
		address = next;
	}
}

bool foot_is_dependent(const struct foot *a, const struct foot *b)
{
	if (a->granule == FOOT_EVERYTHING || b->granule == FOOT_EVERYTHING)
		return true;
	if (a->granule != b->granule || !(a->bytes & b->bytes))
		return false;
	return a->mode != b->mode || a->mode == FOOT_WRITE;
}

bool footprint_is_dependent(const struct footprint *a, const struct footprint *b)
{
	for (uint32_t i = 0; i < a->count; i++)
		for (uint32_t j = 0; j < b->count; j++)
			if (foot_is_dependent(&a->feet[i], &b->feet[j]))
				return true;
	return false;
}

bool footprint_may_wait(enum op op)
{
	return op == OP_LOCK || op == OP_WAKE || op == OP_SEM_WAIT || op == OP_RDLOCK || op == OP_WRLOCK ||
	       op == OP_SPIN_LOCK || op == OP_PASS || op == OP_ONCE;
}

void footprint_of(struct footprint *foot, enum op op, const void *object, const void *mutex, uint32_t bytes,
		  bool succeeded)
{
	enum foot_mode if_done = succeeded ? FOOT_WRITE : FOOT_READ;

	footprint_clear(foot);
	switch (op) {
	case OP_READ:
	case OP_ATOMIC_LOAD:
		footprint_add_memory(foot, object, bytes, FOOT_READ);
		break;
	case OP_WRITE:
	case OP_ATOMIC_STORE:
	case OP_ATOMIC_RMW:
		footprint_add_memory(foot, object, bytes, FOOT_WRITE);
		break;
	case OP_ATOMIC_CAS:
		footprint_add_memory(foot, object, bytes, if_done);
		break;
	case OP_LOCK:
	case OP_UNLOCK:
	case OP_SEM_WAIT:
	case OP_WRLOCK:
	case OP_SPIN_LOCK:
	case OP_SPIN_UNLOCK:
	case OP_ONCE:
		footprint_add_object(foot, object, FOOT_WRITE);
		break;
	case OP_TRYLOCK:
	case OP_SEM_TRYWAIT:
	case OP_TRYWRLOCK:
	case OP_SPIN_TRYLOCK:
	case OP_SIGNAL:
	case OP_BROADCAST:
		footprint_add_object(foot, object, if_done);
		break;
	case OP_SEM_POST:
	case OP_RDLOCK:
		footprint_add_object(foot, object, FOOT_SHARE);
		break;
	case OP_TRYRDLOCK:
		footprint_add_object(foot, object, succeeded ? FOOT_SHARE : FOOT_READ);
		break;
	case OP_RWUNLOCK:
		/* Of a writer it is a write; of a reader it adds up with others. */
		footprint_add_object(foot, object, succeeded ? FOOT_WRITE : FOOT_SHARE);
		break;
	case OP_WAIT:
		footprint_add_object(foot, mutex, FOOT_WRITE);
		footprint_add_object(foot, object, FOOT_ENQUEUE);
		break;
	case OP_WAKE:
		footprint_add_object(foot, mutex, FOOT_WRITE);
		break;
	case OP_ARRIVE:
		footprint_add_object(foot, object, FOOT_ARRIVE);
		break;
	case OP_EXIT:
		foot->count = 1;
		foot->feet[0] = (struct foot){.granule = FOOT_EVERYTHING, .bytes = UINT8_MAX, .mode = FOOT_WRITE};
		break;
	case OP_PASS:
	case OP_CHOOSE:
	case OP_NONE:
	case OP_CREATE:
	case OP_START:
	case OP_END:
	case OP_JOIN:
	case OP_DETACH:
	case OP_NAME:
	case OP_YIELD:
	case OP_FENCE:
	case OP_COUNT:
		break;
	}
}
