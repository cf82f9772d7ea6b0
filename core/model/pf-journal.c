/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal as a value, what follows from it, and how it is written. pf-journal-parse.c reads it.
 *
 * Each record is a line: a checksum, a blank, and words with blanks between. The checksum is over the record
 * and the checksum before it, so that a record that is missing, doubled, or from another journal shows as
 * well as one that is damaged. It is SHA-256, cut to 64 bits: GLib has it, and what it costs is lost beside
 * one write to the kernel. It guards against accidents; against people the file's owner does, who is root. */

#include "pf-journal.h"

#include <string.h>

/**
 * pf_journal_new:
 * @kind: what is under way
 * @plan: what is done
 *
 * Returns: (transfer full): a journal of which nothing is begun
 */
PfJournal *
pf_journal_new (PfJournalKind kind, const PfPlan *plan)
{
  PfJournal *journal = g_new0 (PfJournal, 1);

  journal->kind = kind;
  journal->plan = pf_plan_copy (plan);
  journal->owed = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_step_free);
  journal->states = g_new0 (PfJournalStepState, plan->steps->len + 1);
  return journal;
}

/**
 * pf_journal_free:
 * @journal: (transfer full): a journal
 */
void
pf_journal_free (PfJournal *journal)
{
  g_free (journal->transaction);
  g_free (journal->origin);
  g_free (journal->before);
  g_free (journal->previous);
  pf_plan_free (journal->plan);
  g_ptr_array_unref (journal->owed);
  g_free (journal->states);
  g_free (journal->problem);
  g_free (journal);
}

/* What leads home or back is finished: to lend a keyboard again because its way home was interrupted would be
 * absurd. */
static gboolean
goes_forward (const PfJournal *journal)
{
  return journal->kind != PF_JOURNAL_APPLY || g_str_equal (journal->plan->profile, PF_PROFILE_HOME);
}

/* The torn record may have been that the next step begins. What it would have said is lost, so it counts as
 * said: to undo a step of which nothing was done does nothing. Where a step is begun and not done the next
 * one cannot be. */
static guint
count_begun (const PfJournal *journal)
{
  guint count = 0;
  gboolean open = FALSE;

  for (guint i = 0; i < journal->plan->steps->len; i++)
    if (journal->states[i] != PF_JOURNAL_STEP_AHEAD)
      {
        count = i + 1;
        open = journal->states[i] != PF_JOURNAL_STEP_DONE;
      }
  if (journal->torn && !open && count < journal->plan->steps->len)
    count++;
  return count;
}

static void
plan_back (const PfJournal *journal, GPtrArray *steps)
{
  for (guint i = count_begun (journal); i > 0; i--)
    if (journal->states[i - 1] != PF_JOURNAL_STEP_UNDONE)
      g_ptr_array_add (steps, pf_step_invert (journal->plan->steps->pdata[i - 1]));
}

/* All of them: one that was done may have been on its way back again when the helper died. */
static void
plan_forward (const PfJournal *journal, GPtrArray *steps)
{
  for (guint i = 0; i < journal->plan->steps->len; i++)
    g_ptr_array_add (steps, pf_step_copy (journal->plan->steps->pdata[i]));
}

/**
 * pf_journal_plan_recovery:
 * @journal: a journal that nobody carries on with
 *
 * Works out what it takes to get from wherever it was left to a state that somebody wanted: for a switch the
 * one before it, for the way home or back its end. Every step can be done again, and does nothing where it is
 * done already.
 *
 * Returns: (transfer full): what to do
 */
PfPlan *
pf_journal_plan_recovery (const PfJournal *journal)
{
  gboolean forward = goes_forward (journal);
  const char *before = journal->before != NULL ? journal->before : PF_PROFILE_HOME;
  PfPlan *plan = pf_plan_new (forward ? journal->plan->profile : before);

  if (!journal->ended && forward)
    plan_forward (journal, plan->steps);
  else if (!journal->ended)
    plan_back (journal, plan->steps);
  for (guint i = 0; i < journal->owed->len; i++)
    g_ptr_array_add (plan->steps, pf_step_copy (journal->owed->pdata[i]));
  return plan;
}

/**
 * pf_journal_restores_profiles:
 * @journal: a journal
 *
 * Returns: whether recovery leads to where @before was in force
 */
gboolean
pf_journal_restores_profiles (const PfJournal *journal)
{
  return !journal->ended && (journal->kind == PF_JOURNAL_REVERT || !goes_forward (journal));
}

static gboolean
is_plain (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '.' || c == ':' || c == '/';
}

/**
 * pf_journal_escape:
 * @text: (nullable): any text
 *
 * Returns: (transfer full): one word of printable ASCII; "-" for NULL
 */
char *
pf_journal_escape (const char *text)
{
  GString *word;

  if (text == NULL)
    return g_strdup ("-");
  word = g_string_new (*text == '\0' ? "%" : NULL);
  for (; *text != '\0'; text++)
    if (is_plain (*text))
      g_string_append_c (word, *text);
    else
      g_string_append_printf (word, "%%%02X", (guchar) *text);
  return g_string_free (word, FALSE);
}

/**
 * pf_journal_unescape:
 * @word: what pf_journal_escape() gave
 * @text: (out) (transfer full) (nullable): the text
 *
 * Returns: FALSE when it cannot be from there
 */
gboolean
pf_journal_unescape (const char *word, char **text)
{
  g_autoptr (GString) result = g_string_new (NULL);

  *text = NULL;
  if (strcmp (word, "-") == 0)
    return TRUE;
  if (*word == '\0')
    return FALSE;
  if (strcmp (word, "%") == 0)
    word++;
  for (; *word != '\0'; word++)
    if (is_plain (*word))
      g_string_append_c (result, *word);
    else if (*word == '%' && g_ascii_isxdigit (word[1]) && g_ascii_isxdigit (word[2]))
      {
        int byte = g_ascii_xdigit_value (word[1]) << 4 | g_ascii_xdigit_value (word[2]);

        if (byte == 0)
          return FALSE;
        g_string_append_c (result, (char) byte);
        word += 2;
      }
    else
      return FALSE;
  *text = g_string_free (g_steal_pointer (&result), FALSE);
  return TRUE;
}

/**
 * pf_journal_chain_add:
 * @chain: (inout): the checksum before, "" for the first record; afterwards that of the record
 * @payload: what the record says
 * @length: its length in bytes
 */
void
pf_journal_chain_add (PfJournalChain *chain, const char *payload, gsize length)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) chain->checksum, (gssize) strlen (chain->checksum));
  g_checksum_update (checksum, (const guchar *) payload, (gssize) length);
  g_strlcpy (chain->checksum, g_checksum_get_string (checksum), sizeof chain->checksum);
}

G_GNUC_PRINTF (3, 4)
static void
add_record (GString *text, PfJournalChain *chain, const char *format, ...)
{
  g_autofree char *payload = NULL;
  va_list arguments;

  va_start (arguments, format);
  payload = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  pf_journal_chain_add (chain, payload, strlen (payload));
  g_string_append_printf (text, "%s %s\n", chain->checksum, payload);
}

static void
add_move (GString *text, PfJournalChain *chain, const PfMove *move)
{
  g_autofree char *from_driver = pf_journal_escape (move->from.driver);
  g_autofree char *from_override = pf_journal_escape (move->from.driver_override);
  g_autofree char *to_driver = pf_journal_escape (move->to.driver);
  g_autofree char *to_override = pf_journal_escape (move->to.driver_override);

  add_record (text, chain, "move %s %s %s %s %s", move->address, from_driver, from_override, to_driver,
              to_override);
}

static const char *
get_bind_word (const PfStep *step)
{
  if (step->of_others)
    return step->lends ? "give-back" : "take-home";
  return step->lends ? "lend" : "return";
}

/* Their number is written only where there are some. So a journal without any reads as earlier versions wrote
 * it. */
static char *
count_devices (const PfStep *step)
{
  return step->devices->len > 0 ? g_strdup_printf (" %u", step->devices->len) : g_strdup ("");
}

static void
add_devices (GString *text, PfJournalChain *chain, const PfStep *step)
{
  for (guint i = 0; i < step->devices->len; i++)
    {
      const PfNodeChange *device = step->devices->pdata[i];
      const PfNode *to = &device->to, *from = &device->from;

      add_record (text, chain, "device %s %u:%u:%o %u:%u:%o", device->address, from->uid, from->gid,
                  from->mode, to->uid, to->gid, to->mode);
    }
}

static void
add_nodes_step (GString *text, PfJournalChain *chain, const PfStep *step)
{
  g_autofree char *devices = count_devices (step);
  const PfNode *to = &step->node, *from = &step->node_before;

  add_record (text, chain, "node %d %u:%u:%o %u:%u:%o%s", step->group, from->uid, from->gid, from->mode,
              to->uid, to->gid, to->mode, devices);
  add_devices (text, chain, step);
}

static void
add_bind_step (GString *text, PfJournalChain *chain, const PfStep *step)
{
  g_autofree char *devices = count_devices (step);
  const PfNode *to = &step->node, *from = &step->node_before;

  add_record (text, chain, "bind %s %d %u:%u:%o %u:%u:%o %u%s", get_bind_word (step), step->group,
              from->uid, from->gid, from->mode, to->uid, to->gid, to->mode, step->moves->len, devices);
  for (guint i = 0; i < step->moves->len; i++)
    add_move (text, chain, step->moves->pdata[i]);
  add_devices (text, chain, step);
}

static void
add_steps (GString *text, PfJournalChain *chain, const GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const PfStep *step = steps->pdata[i];

      if (step->kind == PF_STEP_ROUTE)
        add_record (text, chain, "route %s %s 0x%08x 0x%08x 0x%08x", step->router,
                    pf_router_setting_to_string (step->setting), step->from, step->to, step->mask);
      else if (step->kind == PF_STEP_NODE)
        add_nodes_step (text, chain, step);
      else
        add_bind_step (text, chain, step);
    }
}

static void
add_states (GString *text, PfJournalChain *chain, const PfJournal *journal)
{
  static const char *const words[] = { NULL, "begin", "done", "undone" };

  for (guint i = 0; i < journal->plan->steps->len; i++)
    if (journal->states[i] != PF_JOURNAL_STEP_AHEAD)
      add_record (text, chain, "%s %u", words[journal->states[i]], i);
  if (journal->deadline != 0)
    add_record (text, chain, "waits %" G_GINT64_FORMAT, journal->deadline);
}

/**
 * pf_journal_serialize:
 * @journal: a journal
 * @boot: the kernel's id of this boot
 * @chain: (out): for the records to come
 *
 * Returns: (transfer full): the file
 */
char *
pf_journal_serialize (const PfJournal *journal, const char *boot, PfJournalChain *chain)
{
  static const char *const kinds[] = { "apply", "return", "revert", "owed" };
  GString *text = g_string_new (NULL);
  g_autofree char *transaction = pf_journal_escape (journal->transaction);
  g_autofree char *profile = pf_journal_escape (journal->plan->profile);
  g_autofree char *origin = pf_journal_escape (journal->origin);
  g_autofree char *before = pf_journal_escape (journal->before);
  g_autofree char *previous = pf_journal_escape (journal->previous);
  g_autofree char *boot_word = pf_journal_escape (boot);

  *chain = (PfJournalChain){ "" };
  add_record (text, chain, "portferry-journal 1 %s", boot_word);
  add_record (text, chain, "intent %s %s %s %s %s %s %u %u", kinds[journal->kind], transaction, profile,
              origin, before, previous, journal->plan->steps->len, journal->owed->len);
  add_steps (text, chain, journal->plan->steps);
  add_steps (text, chain, journal->owed);
  add_states (text, chain, journal);
  return g_string_free (text, FALSE);
}

/**
 * pf_journal_serialize_step_record:
 * @record: PF_JOURNAL_BEGIN, PF_JOURNAL_DONE or PF_JOURNAL_UNDONE
 * @step: number of the step, from 0
 * @chain: (inout): the records before
 *
 * Returns: (transfer full): a record to append
 */
char *
pf_journal_serialize_step_record (PfJournalRecord record, guint step, PfJournalChain *chain)
{
  static const char *const words[] = { "begin", "done", "undone" };
  GString *text = g_string_new (NULL);

  add_record (text, chain, "%s %u", words[record], step);
  return g_string_free (text, FALSE);
}

/**
 * pf_journal_serialize_waits:
 * @deadline: CLOCK_REALTIME in microseconds
 * @chain: (inout): the records before
 *
 * Returns: (transfer full): a record to append
 */
char *
pf_journal_serialize_waits (gint64 deadline, PfJournalChain *chain)
{
  GString *text = g_string_new (NULL);

  add_record (text, chain, "waits %" G_GINT64_FORMAT, deadline);
  return g_string_free (text, FALSE);
}

/**
 * pf_journal_serialize_end:
 * @problem: (nullable): what could not be put right
 * @chain: (inout): the records before
 *
 * Returns: (transfer full): the last record
 */
char *
pf_journal_serialize_end (const char *problem, PfJournalChain *chain)
{
  GString *text = g_string_new (NULL);
  g_autofree char *word = pf_journal_escape (problem);

  add_record (text, chain, "end %s", word);
  return g_string_free (text, FALSE);
}
