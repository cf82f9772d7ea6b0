/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: the journal. Nothing gets past its checksums, so each input is read a second time with those
 * that are right for its lines. */
#include <string.h>

#include "pf-board.h"
#include "pf-fuzz.h"
#include "pf-journal.h"

#define BOOT "0b007"

const char *const pf_fuzz_words[] = {
  "portferry-journal 1 0b007\n",
  "portferry-journal 1 0b008\n",
  "intent ",
  "apply ",
  "return ",
  "revert ",
  "owed ",
  "t1 ",
  "windows ",
  "home ",
  "ctl ",
  "- ",
  "% ",
  "%41 ",
  "%0A",
  "1 ",
  "0 ",
  "1 0\n",
  "2 1\n",
  "route 0000:00:14.0 ",
  "routing ",
  "super-speed ",
  "power ",
  "0x3fff ",
  "0x0 ",
  "bind lend 7 0:0:600 1000:0:600 1\n",
  "bind return ",
  "bind take-home ",
  "bind give-back ",
  "move 0000:00:1a.0 ehci-pci - vfio-pci vfio-pci\n",
  "node 7 0:0:600 1000:0:600\n",
  "device 0000:00:1a.0 0:0:600 1000:0:600\n",
  "begin 0\n",
  "done 0\n",
  "undone 0\n",
  "begin 1\n",
  "waits 1700000000000000\n",
  "end -\n",
  "end %41\n",
  "\n",
  " ",
  NULL,
};

/* A machine in which none of it is there. */
static const PfBoard *
get_board (void)
{
  static PfBoard *board = NULL;

  if (board == NULL)
    board = pf_board_new ();
  return board;
}

static void
check_round (const PfJournal *journal)
{
  PfJournalChain chain, again_chain;
  g_autofree char *text = pf_journal_serialize (journal, BOOT, &chain);
  g_autofree char *again_text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfJournal) again = NULL;
  gboolean is_history = TRUE;

  if (strlen (text) > PF_JOURNAL_MAX_SIZE)
    return;
  again = pf_journal_parse (text, strlen (text), BOOT, &is_history, &error);
  g_assert_no_error (error);
  g_assert_false (is_history);
  again_text = pf_journal_serialize (again, BOOT, &again_chain);
  g_assert_cmpstr (text, ==, again_text);
  g_assert_cmpstr (chain.checksum, ==, again_chain.checksum);
}

/* What recovery does first with any journal that could be read. */
static void
check_recovery (PfJournal *journal)
{
  g_autoptr (PfPlan) plan = pf_journal_plan_recovery (journal);

  g_assert_nonnull (plan);
  g_assert_cmpuint (plan->steps->len, <=, journal->plan->steps->len + journal->owed->len);
  for (guint i = 0; i < journal->plan->steps->len; i++)
    g_assert_cmpuint (journal->states[i], <=, PF_JOURNAL_STEP_UNDONE);
  pf_journal_restores_profiles (journal);
  pf_journal_fits_profile (journal, NULL);
  pf_journal_fits_profile (journal, "windows");
  g_assert_cmpuint (pf_journal_mark_untold (journal, get_board ()), ==, 0);
}

static void
take (const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  gboolean is_history = FALSE;
  g_autoptr (PfJournal) journal = pf_journal_parse (data, size, BOOT, &is_history, &error);

  pf_fuzz_check_error (journal != NULL || is_history, error);
  if (journal == NULL)
    return;
  g_assert_false (is_history);
  check_round (journal);
  check_recovery (journal);
}

static char *
add_checksums (const guint8 *data, gsize size)
{
  g_autofree char *text = pf_fuzz_to_text (data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  PfJournalChain chain = { "" };
  GString *whole = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      /* Behind the last end of a line there is a record only where it was cut. */
      if (lines[i + 1] == NULL && *lines[i] == '\0')
        break;
      pf_journal_chain_add (&chain, lines[i], strlen (lines[i]));
      g_string_append_printf (whole, "%s %s%s", chain.checksum, lines[i], lines[i + 1] != NULL ? "\n" : "");
    }
  return g_string_free (whole, FALSE);
}

/* Words, by which text gets into a record and out of it. */
static void
check_words (const guint8 *data, gsize size)
{
  g_autofree char *text = pf_fuzz_to_text (data, MIN (size, 256));
  g_autofree char *word = pf_journal_escape (text);
  g_autofree char *again = NULL;
  g_autofree char *read = NULL;

  g_assert_null (strpbrk (word, " \n"));
  g_assert_true (pf_journal_unescape (word, &again));
  g_assert_cmpstr (again, ==, text);
  pf_journal_unescape (text, &read);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *whole = add_checksums (data, size);

  take ((const char *) data, size);
  take (whole, strlen (whole));
  check_words (data, size);
  return 0;
}
