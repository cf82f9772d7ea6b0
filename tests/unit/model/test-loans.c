/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The record of what is lent. */

#include <string.h>

#include "pf-error.h"
#include "pf-loans.h"

static void
assert_strings_equal (const PfLoans *a, const PfLoans *b)
{
  g_autofree char *x = pf_loans_serialize (a, NULL);
  g_autofree char *y = pf_loans_serialize (b, NULL);

  g_assert_cmpstr (x, ==, y);
}

static void
assert_homes_equal (const PfLoans *a, const PfLoans *b, PfRouterSetting setting)
{
  GHashTableIter iter;
  gpointer router, value;

  g_assert_cmpuint (g_hash_table_size (a->homes[setting]), ==, g_hash_table_size (b->homes[setting]));
  g_hash_table_iter_init (&iter, a->homes[setting]);
  while (g_hash_table_iter_next (&iter, &router, &value))
    {
      guint32 other;

      g_assert_true (pf_loans_get_home (b, router, setting, &other));
      g_assert_cmphex (other, ==, GPOINTER_TO_UINT (value));
    }
}

static void
assert_loans_equal (const PfLoans *a, const PfLoans *b)
{
  g_assert_cmpstr (a->profile, ==, b->profile);
  g_assert_cmpstr (a->previous, ==, b->previous);
  g_assert_cmpint (a->input, ==, b->input);
  g_assert_cmpuint (a->loans->len, ==, b->loans->len);
  for (guint i = 0; i < a->loans->len; i++)
    {
      const PfLoan *x = a->loans->pdata[i], *y = b->loans->pdata[i];

      g_assert_cmpint (x->group, ==, y->group);
      g_assert_cmpuint (x->node.uid, ==, y->node.uid);
      g_assert_cmpuint (x->node.gid, ==, y->node.gid);
      g_assert_cmphex (x->node.mode, ==, y->node.mode);
      g_assert_cmpint (x->taken, ==, y->taken);
      g_assert_cmpint (x->wanted_home, ==, y->wanted_home);
      g_assert_cmpuint (x->members->len, ==, y->members->len);
      for (guint j = 0; j < x->members->len; j++)
        {
          const PfLoanMember *m = x->members->pdata[j], *n = y->members->pdata[j];

          g_assert_cmpstr (m->address, ==, n->address);
          g_assert_cmpstr (m->driver, ==, n->driver);
          g_assert_cmpstr (m->driver_override, ==, n->driver_override);
        }
    }
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    assert_homes_equal (a, b, i);
}

static PfLoans *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PfLoans *loans = pf_loans_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return loans;
}

static void
assert_round_trip (const PfLoans *loans)
{
  gsize length;
  g_autofree char *text = pf_loans_serialize (loans, &length);
  g_autoptr (PfLoans) back = parse (text);

  g_assert_cmpuint (length, ==, strlen (text));
  assert_loans_equal (loans, back);
}

static void
test_empty (void)
{
  g_autoptr (PfLoans) loans = pf_loans_new ();
  guint32 value = 7;

  g_assert_true (pf_loans_are_empty (loans));
  g_assert_null (pf_loans_find (loans, 0));
  g_assert_null (pf_loans_find_by_member (loans, "0000:00:14.0"));
  g_assert_false (pf_loans_remove (loans, 0));
  g_assert_false (pf_loans_get_home_routing (loans, "0000:00:14.0", &value));
  g_assert_cmphex (value, ==, 7);
  assert_round_trip (loans);
}

static void
test_book_keeping (void)
{
  g_autoptr (PfLoans) loans = pf_loans_new ();
  PfLoan *first = pf_loans_add (loans, 0), *second = pf_loans_add (loans, 7);
  guint32 value;

  pf_loan_add_member (first, "0000:00:1a.0", "ehci-pci", NULL);
  pf_loan_add_member (second, "0000:00:07.0", NULL, "something");
  pf_loan_add_member (second, "0000:00:07.1", "snd_hda_intel", NULL);
  pf_loans_set_home_routing (loans, "0000:00:14.0", 0x3fff);
  g_assert_false (pf_loans_are_empty (loans));
  g_assert_true (pf_loans_find (loans, 0) == first);
  g_assert_true (pf_loans_find_by_member (loans, "0000:00:07.1") == second);
  g_assert_cmpstr (pf_loan_find_member (second, "0000:00:07.0")->driver_override, ==, "something");
  g_assert_null (pf_loan_find_member (first, "0000:00:07.0"));
  g_assert_cmphex (first->node.mode, ==, 0600);
  assert_round_trip (loans);
  g_assert_true (pf_loans_remove (loans, 0));
  g_assert_null (pf_loans_find (loans, 0));
  g_assert_true (pf_loans_find (loans, 7) == second);
  g_assert_true (pf_loans_get_home_routing (loans, "0000:00:14.0", &value));
  g_assert_cmphex (value, ==, 0x3fff);
}

static void
test_emptiness (void)
{
  g_autoptr (PfLoans) profile = pf_loans_new (), routing = pf_loans_new (), previous = pf_loans_new ();

  profile->profile = g_strdup ("x");
  pf_loans_set_home_routing (routing, "0000:00:14.0", 0);
  previous->previous = g_strdup ("x");
  g_assert_false (pf_loans_are_empty (profile));
  g_assert_false (pf_loans_are_empty (routing));
  g_assert_true (pf_loans_are_empty (previous));
}

static PfLoans *
make_loans (GRand *random)
{
  static const char *const drivers[]
      = { NULL, "ehci-pci", "xhci_hcd", "snd_hda_intel", "we;ird =\\ #driver" };
  PfLoans *loans = pf_loans_new ();

  if (g_rand_boolean (random))
    loans->profile = g_strdup ("gaming-rig");
  if (g_rand_boolean (random))
    loans->previous = g_strdup ("home");
  for (int group = g_rand_int_range (random, 0, 6); group > 0; group--)
    {
      PfLoan *loan = pf_loans_add (loans, group * g_rand_int_range (random, 1, 1 << 20) % 1000 * 8 + group);

      loan->node = (PfNode){ g_rand_int (random), g_rand_int (random),
                             (mode_t) g_rand_int_range (random, 0, 01000) };
      loan->taken = g_rand_boolean (random);
      loan->wanted_home = g_rand_boolean (random);
      for (int member = g_rand_int_range (random, 0, 8); member >= 0; member--)
        {
          g_autofree char *address
              = g_strdup_printf ("%04x:%02x:%02x.%d", group % 2 ? 0 : 0x10000, group, 1, member);

          pf_loan_add_member (loan, address, drivers[g_rand_int_range (random, 0, G_N_ELEMENTS (drivers))],
                              drivers[g_rand_int_range (random, 0, G_N_ELEMENTS (drivers))]);
        }
    }
  for (int i = g_rand_int_range (random, 0, 3); i > 0; i--)
    {
      g_autofree char *router = g_strdup_printf ("0000:00:14.%d", i);

      pf_loans_set_home_routing (loans, router, g_rand_int (random));
      if (g_rand_boolean (random))
        pf_loans_set_home (loans, router, PF_SETTING_SUPER_SPEED, g_rand_int (random));
      if (g_rand_boolean (random))
        pf_loans_set_home (loans, router, PF_SETTING_POWER, (guint32) g_rand_int_range (random, 0, 2));
    }
  loans->input = g_rand_boolean (random);
  return loans;
}

static void
test_random_round_trip (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (10);

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (PfLoans) loans = make_loans (random);
      g_autoptr (PfLoans) copy = pf_loans_copy (loans);

      assert_loans_equal (loans, copy);
      assert_strings_equal (loans, copy);
      assert_round_trip (copy);
    }
}

/* The example in the format's description. */
static const char example[] = "[Loans]\n"
                              "Format=1\n"
                              "Profile=windows\n"
                              "Previous=home\n"
                              "Input=true\n"
                              "\n"
                              "[Group 7]\n"
                              "Node=0:36:660\n"
                              "Members=0000:00:07.0;0000:00:07.1;\n"
                              "Driver-0000:00:07.0=ehci-pci\n"
                              "Override-0000:00:07.1=something\n"
                              "Taken=true\n"
                              "WantedHome=true\n"
                              "\n"
                              "[Routing 0000:00:14.0]\n"
                              "Home=0x00003fff\n"
                              "SuperSpeed=0x0000003f\n"
                              "Power=auto\n";

static void
test_example (void)
{
  g_autoptr (PfLoans) loans = parse (example);
  const PfLoan *loan = pf_loans_find (loans, 7);
  guint32 value;

  g_assert_cmpstr (loans->profile, ==, "windows");
  g_assert_cmpstr (loans->previous, ==, "home");
  g_assert_cmpuint (loan->node.uid, ==, 0);
  g_assert_cmpuint (loan->node.gid, ==, 36);
  g_assert_cmphex (loan->node.mode, ==, 0660);
  g_assert_cmpstr (pf_loan_find_member (loan, "0000:00:07.0")->driver, ==, "ehci-pci");
  g_assert_null (pf_loan_find_member (loan, "0000:00:07.0")->driver_override);
  g_assert_null (pf_loan_find_member (loan, "0000:00:07.1")->driver);
  g_assert_cmpstr (pf_loan_find_member (loan, "0000:00:07.1")->driver_override, ==, "something");
  g_assert_true (pf_loans_get_home_routing (loans, "0000:00:14.0", &value));
  g_assert_cmphex (value, ==, 0x3fff);
  g_assert_true (pf_loans_get_home (loans, "0000:00:14.0", PF_SETTING_SUPER_SPEED, &value));
  g_assert_cmphex (value, ==, 0x3f);
  g_assert_true (pf_loans_get_home (loans, "0000:00:14.0", PF_SETTING_POWER, &value));
  g_assert_cmpuint (value, ==, PF_POWER_AUTO);
  g_assert_true (loans->input);
  g_assert_true (loan->taken);
  g_assert_true (loan->wanted_home);
}

#define L "[Loans]\nFormat=1\n"
#define G "[Group 7]\n"

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "[Loans]\n",
    "[Loans]\nFormat=2\n",
    "[Loans]\nFormat=x\n",
    "nonsense",
    L "[Group x]\nNode=0:0:600\nMembers=0000:00:07.0\n",
    L "[Group -1]\nNode=0:0:600\nMembers=0000:00:07.0\n",
    L "[Group 99999999999]\nNode=0:0:600\nMembers=0000:00:07.0\n",
    L "[Group ]\nNode=0:0:600\nMembers=0000:00:07.0\n",
    L G "Node=0:0:600\n",
    L G "Members=0000:00:07.0\n",
    L G "Node=0:0\nMembers=0000:00:07.0\n",
    L G "Node=0:0:600:1\nMembers=0000:00:07.0\n",
    L G "Node=0:0:999\nMembers=0000:00:07.0\n",
    L G "Node=0:0:1777\nMembers=0000:00:07.0\n",
    L G "Node=-1:0:600\nMembers=0000:00:07.0\n",
    L G "Node=root:0:600\nMembers=0000:00:07.0\n",
    L G "Node=0:0:600\nMembers=00:07.0\n",
    L G "Node=0:0:600\nMembers=0000:00:07.0;../../x\n",
    L G "Node=0:0:600\nMembers=0000:00:07.0;0000:00:07.0\n",
    L G "Node=0:0:600\nMembers=0000:00:07.0\n[Group 07]\nNode=0:0:600\nMembers=0000:00:08.0\n",
    L "[Routing 00:14.0]\nHome=0x3fff\n",
    L "[Routing 0000:00:14.0]\n",
    L "[Routing 0000:00:14.0]\nHome=3fff\n",
    L "[Routing 0000:00:14.0]\nHome=0x1ffffffff\n",
    L "[Routing 0000:00:14.0]\nHome=0x-1\n",
    L "[Routing 0000:00:14.0]\nSuperSpeed=3f\n",
    L "[Routing 0000:00:14.0]\nPower=off\n",
    L "Input=maybe\n",
    L G "Node=0:0:600\nMembers=0000:00:07.0\nTaken=maybe\n",
    L G "Node=0:0:600\nMembers=0000:00:07.0\nWantedHome=2\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (pf_loans_parse (texts[i], strlen (texts[i]), &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "record of what is lent"));
    }
}

static void
test_not_text (void)
{
  g_autofree char *text = g_strnfill (65537, '#');
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_loans_parse (text, 65537, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (pf_loans_parse (L "# \xff\n", strlen (L "# \xff\n"), &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
}

/* What a message quotes of it gets into logs and onto terminals. */
static void
test_hostile_text (void)
{
  static const char text[] = "[Loans]\nFormat=1\n\033[2J\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (PfLoans) loans = pf_loans_parse (text, strlen (text), &error);

  g_assert_null (loans);
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_null (strchr (error->message, '\033'));
}

/* A record damaged in any way is refused, or read as one that would be written the same way again. */
static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (guint round = 0; round < 20000; round++)
    {
      gsize length = strlen (example);
      g_autofree char *text = g_memdup2 (example, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (PfLoans) loans = NULL;

      for (int i = g_rand_int_range (random, 1, 4); i > 0; i--)
        text[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int_range (random, 0, 256);
      if (g_rand_int_range (random, 0, 4) == 0)
        length = (gsize) g_rand_int_range (random, 0, (gint32) length);
      loans = pf_loans_parse (text, length, &error);
      if (loans == NULL)
        {
          g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
        }
      else
        assert_round_trip (loans);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/loans/empty", test_empty);
  g_test_add_func ("/model/loans/book-keeping", test_book_keeping);
  g_test_add_func ("/model/loans/emptiness", test_emptiness);
  g_test_add_func ("/model/loans/random-round-trip", test_random_round_trip);
  g_test_add_func ("/model/loans/example", test_example);
  g_test_add_func ("/model/loans/refused", test_refused);
  g_test_add_func ("/model/loans/hostile-text", test_hostile_text);
  g_test_add_func ("/model/loans/not-text", test_not_text);
  g_test_add_func ("/model/loans/mutations", test_mutations);
  return g_test_run ();
}
