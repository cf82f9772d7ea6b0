/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-turns.h"

typedef struct
{
  char *owner;
  GQueue things;
} Line;

struct _PfTurns
{
  GQueue lines;         /* Line: those with something in them, the next one first */
  GHashTable *by_owner; /* Line, unowned */
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_queue_clear (&line->things);
  g_free (line->owner);
  g_free (line);
}

/**
 * pf_turns_new:
 *
 * Returns: (transfer full): with nothing that waits
 */
PfTurns *
pf_turns_new (void)
{
  PfTurns *turns = g_new0 (PfTurns, 1);

  g_queue_init (&turns->lines);
  turns->by_owner = g_hash_table_new (g_str_hash, g_str_equal);
  return turns;
}

/**
 * pf_turns_free:
 * @turns: (transfer full): what waits in there stays its owners'
 */
void
pf_turns_free (PfTurns *turns)
{
  g_queue_clear_full (&turns->lines, line_free);
  g_hash_table_unref (turns->by_owner);
  g_free (turns);
}

/**
 * pf_turns_add:
 * @turns: where to wait
 * @owner: who has a turn with it
 * @thing: not NULL
 */
void
pf_turns_add (PfTurns *turns, const char *owner, gpointer thing)
{
  Line *line = g_hash_table_lookup (turns->by_owner, owner);

  if (line == NULL)
    {
      line = g_new0 (Line, 1);
      line->owner = g_strdup (owner);
      g_queue_init (&line->things);
      g_queue_push_tail (&turns->lines, line);
      g_hash_table_insert (turns->by_owner, line->owner, line);
    }
  g_queue_push_tail (&line->things, thing);
}

/**
 * pf_turns_next:
 * @turns: where they wait
 *
 * Returns: (nullable): what was added first of the owner whose turn it is; NULL when nothing waits
 */
gpointer
pf_turns_next (PfTurns *turns)
{
  Line *line = g_queue_pop_head (&turns->lines);
  gpointer thing;

  if (line == NULL)
    return NULL;
  thing = g_queue_pop_head (&line->things);
  if (!g_queue_is_empty (&line->things))
    {
      g_queue_push_tail (&turns->lines, line);
      return thing;
    }
  g_hash_table_remove (turns->by_owner, line->owner);
  line_free (line);
  return thing;
}
