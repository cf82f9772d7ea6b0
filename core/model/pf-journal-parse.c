/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads a journal, and believes nothing that does not verify. */

#include "pf-journal.h"

#include <string.h>

#include "pf-error.h"
#include "pf-pci-address.h"

#define CHECKSUM_LENGTH 16
#define MAX_STEPS 4096
#define MAX_MOVES 4096

typedef struct
{
  const char *at;
  const char *end;
  PfJournalChain chain;
  guint line;
  gboolean torn;
  PfJournal *journal;
} Parser;

static gboolean
refuse (Parser *parser, GError **error, const char *why)
{
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "line %u: %s", parser->line, why);
  return FALSE;
}

/* The next record that verifies. NULL at the end, with @torn set where the last one does not; NULL with
 * @error set when one before the last does not. */
static char **
next_record (Parser *parser, GError **error)
{
  const char *newline = memchr (parser->at, '\n', (gsize) (parser->end - parser->at));
  const char *stop = newline != NULL ? newline : parser->end;
  gsize length = (gsize) (stop - parser->at);
  PfJournalChain chain = parser->chain;
  g_autofree char *text = NULL;

  if (parser->at == parser->end)
    return NULL;
  parser->line++;
  if (newline != NULL && length > CHECKSUM_LENGTH + 1 && parser->at[CHECKSUM_LENGTH] == ' '
      && memchr (parser->at, '\0', length) == NULL)
    {
      text = g_strndup (parser->at + CHECKSUM_LENGTH + 1, length - CHECKSUM_LENGTH - 1);
      pf_journal_chain_add (&chain, text, strlen (text));
      if (memcmp (parser->at, chain.checksum, CHECKSUM_LENGTH) == 0)
        {
          parser->chain = chain;
          parser->at = newline + 1;
          return g_strsplit (text, " ", -1);
        }
    }
  if (newline == NULL || newline + 1 == parser->end)
    parser->torn = TRUE;
  else
    refuse (parser, error, "a record is damaged, and others follow");
  parser->at = parser->end;
  return NULL;
}

static gboolean
parse_number (const char *word, guint64 max, guint64 *number)
{
  guint base = g_str_has_prefix (word, "0x") ? 16 : 10;

  return g_ascii_string_to_unsigned (base == 16 ? word + 2 : word, base, 0, max, number, NULL);
}

static gboolean
is_record (char **words, const char *name, guint count)
{
  return words != NULL && words[0] != NULL && strcmp (words[0], name) == 0
         && g_strv_length (words) == count + 1;
}

static gboolean
parse_move (char **words, PfStep *step)
{
  g_autofree char *from_driver = NULL;
  g_autofree char *from_override = NULL;
  g_autofree char *to_driver = NULL;
  g_autofree char *to_override = NULL;

  if (!is_record (words, "move", 5) || !pf_pci_address_is_canonical (words[1])
      || !pf_journal_unescape (words[2], &from_driver) || !pf_journal_unescape (words[3], &from_override)
      || !pf_journal_unescape (words[4], &to_driver) || !pf_journal_unescape (words[5], &to_override))
    return FALSE;
  pf_step_add_move (step, words[1], &(PfBinding){ from_driver, from_override },
                    &(PfBinding){ to_driver, to_override });
  return TRUE;
}

static PfStep *
parse_route (char **words)
{
  guint64 from, to, mask;
  PfRouterSetting setting;
  PfStep *step;

  if (!is_record (words, "route", 5) || !pf_pci_address_is_canonical (words[1])
      || !pf_router_setting_from_string (words[2], &setting) || !parse_number (words[3], G_MAXUINT32, &from)
      || !parse_number (words[4], G_MAXUINT32, &to) || !parse_number (words[5], G_MAXUINT32, &mask))
    return NULL;
  step = pf_step_new (PF_STEP_ROUTE);
  step->setting = setting;
  step->router = g_strdup (words[1]);
  step->from = (guint32) from;
  step->to = (guint32) to;
  step->mask = (guint32) mask;
  return step;
}

/* @word is how many there are; it is missing where there are none. */
static gboolean
parse_devices (Parser *parser, const char *word, PfStep *step, GError **error)
{
  guint64 count = 0;

  if (word != NULL && !parse_number (word, MAX_MOVES, &count))
    return FALSE;
  for (guint i = 0; i < count; i++)
    {
      g_auto (GStrv) words = next_record (parser, error);
      PfNode from, to;

      if (!is_record (words, "device", 3) || !pf_pci_address_is_canonical (words[1])
          || !pf_loans_parse_node (words[2], &from) || !pf_loans_parse_node (words[3], &to))
        return FALSE;
      pf_step_add_device (step, words[1], &from, &to);
    }
  return TRUE;
}

static PfStep *
parse_node_step (Parser *parser, char **words, GError **error)
{
  g_autoptr (PfStep) step = pf_step_new (PF_STEP_NODE);
  guint64 group;

  if (!parse_number (words[1], G_MAXINT, &group) || !pf_loans_parse_node (words[2], &step->node_before)
      || !pf_loans_parse_node (words[3], &step->node))
    return NULL;
  step->group = (int) group;
  return parse_devices (parser, words[4], step, error) ? g_steal_pointer (&step) : NULL;
}

static gboolean
parse_moves (Parser *parser, guint64 count, PfStep *step, GError **error)
{
  for (guint i = 0; i < count; i++)
    {
      g_auto (GStrv) move = next_record (parser, error);

      if (!parse_move (move, step))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_bind_word (const char *word, PfStep *step)
{
  step->of_others = strcmp (word, "take-home") == 0 || strcmp (word, "give-back") == 0;
  step->lends = strcmp (word, "lend") == 0 || strcmp (word, "give-back") == 0;
  return step->of_others || step->lends || strcmp (word, "return") == 0;
}

static PfStep *
parse_bind (Parser *parser, char **words, GError **error)
{
  g_autoptr (PfStep) step = pf_step_new (PF_STEP_BIND);
  guint64 group, moves;

  if ((!is_record (words, "bind", 5) && !is_record (words, "bind", 6)) || !parse_bind_word (words[1], step)
      || !parse_number (words[2], G_MAXINT, &group) || !pf_loans_parse_node (words[3], &step->node_before)
      || !pf_loans_parse_node (words[4], &step->node) || !parse_number (words[5], MAX_MOVES, &moves))
    return NULL;
  step->group = (int) group;
  if (!parse_moves (parser, moves, step, error) || !parse_devices (parser, words[6], step, error))
    return NULL;
  return g_steal_pointer (&step);
}

static gboolean
parse_steps (Parser *parser, guint count, GPtrArray *steps, GError **error)
{
  for (guint i = 0; i < count; i++)
    {
      g_auto (GStrv) words = next_record (parser, error);
      PfStep *step;

      if (words == NULL)
        return FALSE;
      if (is_record (words, "route", 5))
        step = parse_route (words);
      else if (is_record (words, "node", 3) || is_record (words, "node", 4))
        step = parse_node_step (parser, words, error);
      else
        step = parse_bind (parser, words, error);
      if (step == NULL)
        return FALSE;
      g_ptr_array_add (steps, step);
    }
  return TRUE;
}

static gboolean
parse_kind (const char *word, PfJournalKind *kind)
{
  static const char *const kinds[] = { "apply", "return", "revert", "owed" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (word, kinds[i]) == 0)
      {
        *kind = (PfJournalKind) i;
        return TRUE;
      }
  return FALSE;
}

/* Header and steps are put in place at once, so they are there to the end or there is damage. */
static gboolean
parse_intent (Parser *parser, GError **error)
{
  g_auto (GStrv) words = next_record (parser, error);
  g_autofree char *profile = NULL;
  g_autoptr (PfPlan) plan = NULL;
  guint64 steps, owed;
  PfJournalKind kind;
  PfJournal *journal;

  if (!is_record (words, "intent", 8) || !parse_kind (words[1], &kind)
      || !pf_journal_unescape (words[3], &profile) || profile == NULL
      || !parse_number (words[7], MAX_STEPS, &steps) || !parse_number (words[8], MAX_STEPS, &owed))
    return FALSE;
  plan = pf_plan_new (profile);
  if (!parse_steps (parser, (guint) steps, plan->steps, error))
    return FALSE;
  parser->journal = journal = pf_journal_new (kind, plan);
  return pf_journal_unescape (words[2], &journal->transaction)
         && pf_journal_unescape (words[4], &journal->origin)
         && pf_journal_unescape (words[5], &journal->before)
         && pf_journal_unescape (words[6], &journal->previous)
         && parse_steps (parser, (guint) owed, journal->owed, error);
}

static gboolean
take_step_record (PfJournal *journal, char **words, PfJournalStepState state)
{
  guint64 number;

  if (!parse_number (words[1], G_MAXUINT, &number) || number >= journal->plan->steps->len)
    return FALSE;
  journal->states[number] = state;
  return TRUE;
}

static gboolean
take_record (PfJournal *journal, char **words)
{
  guint64 deadline;

  if (journal->ended)
    return FALSE;
  if (is_record (words, "begin", 1))
    return take_step_record (journal, words, PF_JOURNAL_STEP_BEGUN);
  if (is_record (words, "done", 1))
    return take_step_record (journal, words, PF_JOURNAL_STEP_DONE);
  if (is_record (words, "undone", 1))
    return take_step_record (journal, words, PF_JOURNAL_STEP_UNDONE);
  if (is_record (words, "waits", 1) && parse_number (words[1], G_MAXINT64, &deadline))
    {
      journal->deadline = (gint64) deadline;
      return TRUE;
    }
  journal->ended = is_record (words, "end", 1) && pf_journal_unescape (words[1], &journal->problem);
  return journal->ended;
}

static gboolean
parse_records (Parser *parser, GError **error)
{
  for (;;)
    {
      g_auto (GStrv) words = next_record (parser, error);

      if (words == NULL)
        break;
      if (!take_record (parser->journal, words))
        return refuse (parser, error, "a record of another kind than can stand here");
    }
  parser->journal->torn = parser->torn;
  return TRUE;
}

/* Returns 1 for a journal of this boot, 0 for one of another, -1 for what is none. */
static int
parse_header (Parser *parser, const char *boot, GError **error)
{
  g_auto (GStrv) words = next_record (parser, error);
  g_autofree char *its_boot = NULL;

  if (!is_record (words, "portferry-journal", 2) || !pf_journal_unescape (words[2], &its_boot)
      || its_boot == NULL)
    return -1;
  if (strcmp (words[1], "1") != 0)
    {
      refuse (parser, error, "it is in the format of another version");
      return -1;
    }
  return strcmp (its_boot, boot) == 0;
}

/**
 * pf_journal_parse:
 * @data: what the file holds
 * @length: its length in bytes
 * @boot: the kernel's id of this boot
 * @is_history: (out): the file is from before this machine was started: its bindings are gone with their boot
 * @error: PF_ERROR_FAILED saying what does not verify
 *
 * A last record that was not written to its end is left out. Nothing else is forgiven.
 *
 * Returns: (transfer full) (nullable): the journal; NULL when it cannot be believed, or is history
 */
PfJournal *
pf_journal_parse (const char *data, gsize length, const char *boot, gboolean *is_history, GError **error)
{
  Parser parser = { .at = data, .end = data + length };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (PfJournal) journal = NULL;
  int header;

  *is_history = FALSE;
  if (length > PF_JOURNAL_MAX_SIZE)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "it is larger than %d bytes", PF_JOURNAL_MAX_SIZE);
      return NULL;
    }
  header = parse_header (&parser, boot, &wrong);
  *is_history = header == 0;
  if (header == 1 && parse_intent (&parser, &wrong) && wrong == NULL)
    parse_records (&parser, &wrong);
  else if (header != 0 && wrong == NULL)
    refuse (&parser, &wrong, "this is no journal, or its beginning is missing");
  journal = parser.journal;
  if (wrong == NULL && header == 1)
    return g_steal_pointer (&journal);
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}
