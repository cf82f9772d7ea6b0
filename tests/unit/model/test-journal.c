/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal: what is written is read, what is damaged is never believed, and what follows from it. */

#include <string.h>

#include "pf-error.h"
#include "pf-journal.h"

#define BOOT "5b1c7b1e-0c80-4b5a-9f0e-5a5a0c1d2e3f"
#define MUTATIONS 100000
#define N_STEPS 5

static void
add_route (PfPlan *plan, PfRouterSetting setting, guint32 from, guint32 to, guint32 mask)
{
  PfStep *route = pf_step_new (PF_STEP_ROUTE);

  route->router = g_strdup ("0000:00:14.0");
  route->setting = setting;
  route->from = from;
  route->to = to;
  route->mask = mask;
  g_ptr_array_add (plan->steps, route);
}

/* Steps of every kind, and each setting of a router. */
static PfPlan *
make_plan (const char *profile)
{
  PfPlan *plan = pf_plan_new (profile);
  PfStep *lend = pf_step_new (PF_STEP_BIND);
  PfStep *back = pf_step_new (PF_STEP_BIND);

  lend->lends = TRUE;
  lend->group = 7;
  lend->node = (PfNode){ 1000, 104, 0660 };
  pf_step_add_move (lend, "0000:00:1a.0", &(PfBinding){ (char *) "ehci-pci", NULL },
                    &(PfBinding){ (char *) "vfio-pci", (char *) "vfio-pci" });
  pf_step_add_move (lend, "0000:00:1a.1", &(PfBinding){ NULL, (char *) "odd one" },
                    &(PfBinding){ (char *) "vfio-pci", (char *) "vfio-pci" });
  back->group = 9;
  back->node_before = (PfNode){ 1, 2, 0640 };
  pf_step_add_move (back, "10000:e1:00.0", &(PfBinding){ (char *) "vfio-pci", (char *) "vfio-pci" },
                    &(PfBinding){ (char *) "xhci_hcd", NULL });
  g_ptr_array_add (plan->steps, back);
  g_ptr_array_add (plan->steps, lend);
  add_route (plan, PF_SETTING_ROUTING, 0x3fff, 0x3bff, 0x3fff);
  add_route (plan, PF_SETTING_SUPER_SPEED, 0xa500003f, 0xa500003b, 0x3f);
  add_route (plan, PF_SETTING_POWER, PF_POWER_AUTO, PF_POWER_ON, PF_POWER_AUTO | PF_POWER_ON);
  return plan;
}

static PfStep *
make_node_step (void)
{
  PfStep *step = pf_step_new (PF_STEP_NODE);

  step->group = 7;
  step->node_before = (PfNode){ 1000, 104, 0660 };
  step->node = (PfNode){ 1001, 0, 0600 };
  return step;
}

static PfJournal *
make_journal (PfJournalKind kind, const char *profile)
{
  g_autoptr (PfPlan) plan = make_plan (profile);
  PfJournal *journal = pf_journal_new (kind, plan);

  journal->transaction = g_strdup ("0123456789abcdef");
  journal->origin = g_strdup ("tray");
  journal->before = g_strdup ("games-and_more");
  return journal;
}

static void
add_record (GString *text, char *record)
{
  g_string_append (text, record);
  g_free (record);
}

/* All steps done but the last one, which is begun. */
static GString *
make_text (const PfJournal *journal)
{
  PfJournalChain chain;
  GString *text = g_string_new (NULL);

  add_record (text, pf_journal_serialize (journal, BOOT, &chain));
  for (guint step = 0; step < N_STEPS; step++)
    {
      add_record (text, pf_journal_serialize_step_record (PF_JOURNAL_BEGIN, step, &chain));
      if (step < N_STEPS - 1)
        add_record (text, pf_journal_serialize_step_record (PF_JOURNAL_DONE, step, &chain));
    }
  return text;
}

static PfJournal *
parse (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  gboolean is_history;
  PfJournal *journal = pf_journal_parse (text, length, BOOT, &is_history, &error);

  g_assert_no_error (error);
  g_assert_false (is_history);
  g_assert_nonnull (journal);
  return journal;
}

static char *
rewrite (const PfJournal *journal)
{
  PfJournalChain chain;

  return pf_journal_serialize (journal, BOOT, &chain);
}

static void
test_round_trip (void)
{
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");
  g_autoptr (PfJournal) parsed = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  g_ptr_array_add (journal->owed, pf_step_copy (journal->plan->steps->pdata[1]));
  g_ptr_array_add (journal->owed, make_node_step ());
  journal->states[0] = PF_JOURNAL_STEP_DONE;
  journal->states[1] = PF_JOURNAL_STEP_UNDONE;
  journal->states[2] = PF_JOURNAL_STEP_DONE;
  journal->states[3] = PF_JOURNAL_STEP_BEGUN;
  journal->deadline = G_GINT64_CONSTANT (1700000000123456);
  text = rewrite (journal);
  parsed = parse (text, strlen (text));
  again = rewrite (parsed);
  g_assert_cmpstr (text, ==, again);
  g_assert_cmpstr (parsed->before, ==, "games-and_more");
  g_assert_null (parsed->previous);
  g_assert_cmpstr (((const PfMove *) ((const PfStep *) parsed->plan->steps->pdata[1])->moves->pdata[1])
                       ->from.driver_override,
                   ==, "odd one");
  g_assert_cmpint (((const PfStep *) parsed->owed->pdata[1])->kind, ==, PF_STEP_NODE);
  g_assert_nonnull (strstr (text, " node 7 1000:104:660 1001:0:600\n"));
  g_assert_cmpint (parsed->deadline, ==, journal->deadline);
  g_assert_false (parsed->torn);
}

static const PfStep *
get_route (const PfJournal *journal, PfRouterSetting setting)
{
  const PfStep *step = journal->plan->steps->pdata[2 + (guint) setting];

  g_assert_cmpint (step->kind, ==, PF_STEP_ROUTE);
  g_assert_cmpint (step->setting, ==, setting);
  g_assert_cmpstr (step->router, ==, "0000:00:14.0");
  return step;
}

static void
assert_route (const PfStep *step, guint32 from, guint32 to, guint32 mask)
{
  g_assert_cmphex (step->from, ==, from);
  g_assert_cmphex (step->to, ==, to);
  g_assert_cmphex (step->mask, ==, mask);
}

/* Each setting of a router by its name, in the file as docs/STATE.md has it, and with all three of its
 * values. */
static void
test_settings (void)
{
  static const char *const lines[] = { " route 0000:00:14.0 routing 0x00003fff 0x00003bff 0x00003fff\n",
                                       " route 0000:00:14.0 superspeed 0xa500003f 0xa500003b 0x0000003f\n",
                                       " route 0000:00:14.0 power 0x00000000 0x00000001 0x00000001\n" };
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");
  g_autoptr (PfJournal) parsed = NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (journal->owed, pf_step_invert (get_route (journal, PF_SETTING_SUPER_SPEED)));
  g_ptr_array_add (journal->owed, pf_step_invert (get_route (journal, PF_SETTING_POWER)));
  text = rewrite (journal);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_nonnull (strstr (text, lines[i]));
  parsed = parse (text, strlen (text));
  assert_route (get_route (parsed, PF_SETTING_ROUTING), 0x3fff, 0x3bff, 0x3fff);
  assert_route (get_route (parsed, PF_SETTING_SUPER_SPEED), 0xa500003f, 0xa500003b, 0x3f);
  assert_route (get_route (parsed, PF_SETTING_POWER), PF_POWER_AUTO, PF_POWER_ON, PF_POWER_ON);
  g_assert_cmpuint (parsed->owed->len, ==, 2);
  g_assert_cmpint (((const PfStep *) parsed->owed->pdata[0])->setting, ==, PF_SETTING_SUPER_SPEED);
  assert_route (parsed->owed->pdata[0], 0xa500003b, 0xa500003f, 0x3f);
  g_assert_cmpint (((const PfStep *) parsed->owed->pdata[1])->setting, ==, PF_SETTING_POWER);
  assert_route (parsed->owed->pdata[1], PF_POWER_ON, PF_POWER_AUTO, PF_POWER_ON);
}

static void
test_escape (void)
{
  static const char *const texts[] = { "", "-", "%", "a b", "ümlaut\n", "\t%41", "/a:b_c.d" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *word = pf_journal_escape (texts[i]);
      g_autofree char *text = NULL;

      g_assert_null (strpbrk (word, " \n\t"));
      g_assert_true (pf_journal_unescape (word, &text));
      g_assert_cmpstr (text, ==, texts[i]);
    }
  for (const char *const *bad = (const char *const[]){ "", "a b", "%0", "%00", "%zz", NULL }; *bad != NULL;
       bad++)
    {
      g_autofree char *text = NULL;

      g_assert_false (pf_journal_unescape (*bad, &text));
      g_assert_null (text);
    }
}

static void
check_recovery (const PfJournal *journal, const char *profile, const char *const *steps)
{
  g_autoptr (PfBoard) board = pf_board_new ();
  g_autoptr (PfPlan) plan = pf_journal_plan_recovery (journal);

  g_assert_cmpstr (plan->profile, ==, profile);
  g_assert_cmpuint (plan->steps->len, ==, g_strv_length ((char **) steps));
  for (guint i = 0; steps[i] != NULL; i++)
    {
      g_autofree char *words = pf_step_describe (plan->steps->pdata[i], board);

      g_assert_true (g_str_has_prefix (words, steps[i]));
    }
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__ __VA_OPT__ (, ) NULL })

static void
test_recovery_back (void)
{
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");

  g_assert_true (pf_journal_restores_profiles (journal));
  check_recovery (journal, "games-and_more", LIST ());
  journal->states[0] = PF_JOURNAL_STEP_BEGUN;
  check_recovery (journal, "games-and_more", LIST ("Lend IOMMU group 9"));
  journal->states[0] = PF_JOURNAL_STEP_DONE;
  journal->states[1] = PF_JOURNAL_STEP_BEGUN;
  check_recovery (journal, "games-and_more", LIST ("Return IOMMU group 7", "Lend IOMMU group 9"));
  journal->states[1] = PF_JOURNAL_STEP_UNDONE;
  check_recovery (journal, "games-and_more", LIST ("Lend IOMMU group 9"));
  for (guint step = 1; step < N_STEPS; step++)
    journal->states[step] = PF_JOURNAL_STEP_DONE;
  check_recovery (journal, "games-and_more",
                  LIST ("Let the kernel put 0000:00:14.0 to sleep again",
                        "Switch on SuperSpeed on 0000:00:14.0, USB3_PSSEN 0xa500003b to 0xa500003f",
                        "Route on 0000:00:14.0, XUSB2PR 0x3bff to 0x3fff", "Return IOMMU group 7",
                        "Lend IOMMU group 9"));
  journal->ended = TRUE;
  check_recovery (journal, "games-and_more", LIST ());
  g_assert_false (pf_journal_restores_profiles (journal));
}

/* What the torn record would have said counts as said. */
static void
test_recovery_torn (void)
{
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");

  journal->torn = TRUE;
  check_recovery (journal, "games-and_more", LIST ("Lend IOMMU group 9"));
  journal->states[0] = PF_JOURNAL_STEP_BEGUN;
  check_recovery (journal, "games-and_more", LIST ("Lend IOMMU group 9"));
  journal->states[0] = PF_JOURNAL_STEP_DONE;
  check_recovery (journal, "games-and_more", LIST ("Return IOMMU group 7", "Lend IOMMU group 9"));
}

/* The way home, and the way back, are finished. */
static void
test_recovery_forward (void)
{
  static const PfJournalKind kinds[] = { PF_JOURNAL_RETURN, PF_JOURNAL_REVERT, PF_JOURNAL_APPLY };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (PfJournal) journal = make_journal (kinds[i], PF_PROFILE_HOME);

      g_assert_cmpint (pf_journal_restores_profiles (journal), ==, kinds[i] == PF_JOURNAL_REVERT);
      journal->states[0] = PF_JOURNAL_STEP_DONE;
      journal->states[1] = PF_JOURNAL_STEP_BEGUN;
      check_recovery (journal, PF_PROFILE_HOME,
                      LIST ("Return IOMMU group 9", "Lend IOMMU group 7", "Route on 0000:00:14.0",
                            "Switch off SuperSpeed on 0000:00:14.0", "Keep 0000:00:14.0 awake"));
    }
}

/* What is owed is done in the end, whatever else there was to do. */
static void
test_recovery_owed (void)
{
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");

  g_ptr_array_add (journal->owed, pf_step_invert (journal->plan->steps->pdata[1]));
  journal->states[0] = PF_JOURNAL_STEP_BEGUN;
  check_recovery (journal, "games-and_more", LIST ("Lend IOMMU group 9", "Return IOMMU group 7"));
}

static void
refuse (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  gboolean is_history;

  g_assert_null (pf_journal_parse (text, length, BOOT, &is_history, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_false (is_history);
}

static void
test_other_boot (void)
{
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");
  g_autofree char *text = rewrite (journal);
  g_autoptr (GError) error = NULL;
  gboolean is_history;

  g_assert_null (pf_journal_parse (text, strlen (text), "another", &is_history, &error));
  g_assert_no_error (error);
  g_assert_true (is_history);
}

static void
test_nonsense (void)
{
  g_autofree char *large = g_malloc0 (PF_JOURNAL_MAX_SIZE + 1);
  PfJournalChain chain = { "" };
  g_autofree char *other = NULL;

  refuse ("", 0);
  refuse ("\n", 1);
  refuse ("nonsense\n", 9);
  refuse (large, PF_JOURNAL_MAX_SIZE + 1);
  refuse (large, 4096);
  /* Another version, with a checksum that is right. */
  pf_journal_chain_add (&chain, "portferry-journal 2 " BOOT, strlen ("portferry-journal 2 " BOOT));
  other = g_strconcat (chain.checksum, " portferry-journal 2 " BOOT "\n", NULL);
  refuse (other, strlen (other));
}

static void
refuse_step (const char *step)
{
  static const char header[] = "portferry-journal 1 5b1c7b1e%2D0c80%2D4b5a%2D9f0e%2D5a5a0c1d2e3f";
  static const char intent[] = "intent apply id windows tray - - 1 0";
  const char *const records[] = { header, intent, step };
  PfJournalChain chain = { "" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      pf_journal_chain_add (&chain, records[i], strlen (records[i]));
      g_string_append_printf (text, "%s %s\n", chain.checksum, records[i]);
    }
  refuse (text->str, text->len);
}

/* A step of which a word cannot be is not carried out, however well it is signed. */
static void
test_impossible_steps (void)
{
  refuse_step ("route 0000:00:14.0 turbo 0x00003fff 0x00003bff 0x00003fff");
  refuse_step ("route 0000:00:14.0 superspeed 0x0000003f 0x0000003b");
  refuse_step ("route 0000:00:14.0 superspeed 0x0000003f 0x0000003b 0x100000000");
  refuse_step ("route 0000:00:14.0 power on auto 0x00000001");
  refuse_step ("route 0000:00:14.0 power 0x00000000 0x00000001 0x00000001 0x00000001");
  refuse_step ("route - power 0x00000000 0x00000001 0x00000001");
  refuse_step ("route ../14.0 routing 0x00003fff 0x00003bff 0x00003fff");
}

/* A record that says what cannot be is refused even where its checksum is right. */
static void
test_impossible_records (void)
{
  static const char *const records[] = { "begin 5",   "begin",   "begin x",
                                         "begin 0 0", "dance 1", "waits",
                                         "waits -1",  "",        "node 7 0:0:600 1:1:600" };
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      PfJournalChain chain;
      g_autofree char *text = pf_journal_serialize (journal, BOOT, &chain);
      g_autofree char *more = NULL;

      pf_journal_chain_add (&chain, records[i], strlen (records[i]));
      more = g_strdup_printf ("%s%s %s\nand more\n", text, chain.checksum, records[i]);
      refuse (more, strlen (more));
    }
}

/* At whatever byte the last record ends: it counts as torn, and all before it counts. */
static void
test_torn (void)
{
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");
  g_autoptr (GString) text = make_text (journal);
  g_autofree char *intent = rewrite (journal);
  gsize last_start = text->len - 1;

  while (text->str[last_start - 1] != '\n')
    last_start--;
  for (gsize length = last_start + 1; length < text->len; length++)
    {
      g_autoptr (PfJournal) parsed = parse (text->str, length);

      g_assert_true (parsed->torn);
      g_assert_cmpint (parsed->states[N_STEPS - 2], ==, PF_JOURNAL_STEP_DONE);
      g_assert_cmpint (parsed->states[N_STEPS - 1], ==, PF_JOURNAL_STEP_AHEAD);
    }
  /* The intent is put in place at once: a part of it was never a journal. */
  for (gsize length = 0; length < strlen (intent); length++)
    refuse (intent, length);
}

static void
mutate (GRand *random, GString *text)
{
  gsize at = (gsize) g_rand_int_range (random, 0, (gint32) text->len);
  gsize length = (gsize) g_rand_int_range (random, 1, 40);
  g_autofree char *piece = NULL;

  switch (g_rand_int_range (random, 0, 5))
    {
    case 0:
      text->str[at] = (char) (text->str[at] ^ 1 << g_rand_int_range (random, 0, 8));
      break;
    case 1:
      g_string_truncate (text, at);
      break;
    case 2:
      g_string_erase (text, (gssize) at, (gssize) MIN (length, text->len - at));
      break;
    case 3:
      g_string_insert_c (text, (gssize) at, (char) g_rand_int_range (random, 0, 256));
      break;
    default:
      piece = g_strndup (text->str + at, MIN (length, text->len - at));
      g_string_insert (text, g_rand_int_range (random, 0, (gint32) text->len), piece);
      break;
    }
}

/* Whatever happens to the file: it is refused, or history, or says what was written, less its last records.
 */
static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (PfJournal) journal = make_journal (PF_JOURNAL_APPLY, "windows");
  g_autoptr (GString) original = make_text (journal);
  g_autofree char *intent = rewrite (journal);
  guint believed = 0;

  for (guint i = 0; i < MUTATIONS; i++)
    {
      g_autoptr (GString) text = g_string_new_len (original->str, (gssize) original->len);
      g_autoptr (PfJournal) parsed = NULL;
      gboolean is_history;

      mutate (random, text);
      parsed = pf_journal_parse (text->str, text->len, BOOT, &is_history, NULL);
      g_assert_false (is_history);
      if (parsed == NULL)
        continue;
      believed++;
      g_assert_false (parsed->ended);
      g_assert_cmpint (parsed->states[N_STEPS - 1], <=, PF_JOURNAL_STEP_BEGUN);
      memset (parsed->states, 0, N_STEPS * sizeof *parsed->states);
      g_free (intent);
      intent = rewrite (parsed);
      g_assert_true (g_str_has_prefix (original->str, intent));
    }
  /* Where the damage is in the last record, or the end is missing. */
  g_assert_cmpuint (believed, >, MUTATIONS / 100);
  g_assert_cmpuint (believed, <, MUTATIONS / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/round-trip", test_round_trip);
  g_test_add_func ("/journal/settings", test_settings);
  g_test_add_func ("/journal/escape", test_escape);
  g_test_add_func ("/journal/recovery-back", test_recovery_back);
  g_test_add_func ("/journal/recovery-torn", test_recovery_torn);
  g_test_add_func ("/journal/recovery-forward", test_recovery_forward);
  g_test_add_func ("/journal/recovery-owed", test_recovery_owed);
  g_test_add_func ("/journal/other-boot", test_other_boot);
  g_test_add_func ("/journal/nonsense", test_nonsense);
  g_test_add_func ("/journal/impossible-steps", test_impossible_steps);
  g_test_add_func ("/journal/impossible-records", test_impossible_records);
  g_test_add_func ("/journal/torn", test_torn);
  g_test_add_func ("/journal/mutations", test_mutations);
  return g_test_run ();
}
