/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A record of what is lent that was damaged is never read as one in which less is lent: it would say that all is home
 * while a controller is not. */

#include <string.h>

#include "pf-error.h"
#include "pf-loans.h"

/* As a helper leaves it that has lent two groups, and has routed ports. */
static char *
make_record (void)
{
  g_autoptr (PfLoans) loans = pf_loans_new ();
  PfLoan *first = pf_loans_add (loans, 7);
  PfLoan *second = pf_loans_add (loans, 12);
  const PfNode kvm = { 0, 104, 0660 };

  loans->profile = g_strdup ("windows");
  loans->previous = g_strdup ("home");
  loans->input = TRUE;
  pf_loan_add_member (first, "0000:00:1a.0", "ehci-pci", NULL);
  pf_loan_add_member (second, "0000:03:00.0", "xhci_hcd", NULL);
  pf_loan_add_member (second, "0000:03:00.1", NULL, "something");
  pf_loan_add_device (second, "0000:03:00.2", &kvm);
  second->taken = TRUE;
  pf_loans_set_home (loans, "0000:00:14.0", PF_SETTING_ROUTING, 0x3fff);
  pf_loans_set_home (loans, "0000:00:14.0", PF_SETTING_POWER, PF_POWER_AUTO);
  return pf_loans_serialize (loans, NULL);
}

/* What an earlier version would have written of the same. */
static char *
make_unchecked (const char *record)
{
  const char *end = strstr (record, "# SHA-256 ");
  char *text = g_strndup (record, (gsize) (end - record));

  *strchr (text, '2') = '1';
  g_assert_true (g_str_has_prefix (text, "[Loans]\nFormat=1\n"));
  return text;
}

static void
assert_damaged (const char *record, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfLoans) loans = NULL;

  if (length == strlen (record) && memcmp (record, text, length) == 0)
    return;
  loans = pf_loans_parse (text, length, &error);
  if (loans != NULL)
    g_error ("This was read as a record: %.*s", (int) length, text);
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_whole (void)
{
  g_autofree char *record = make_record ();
  g_autoptr (PfLoans) loans = pf_loans_parse (record, strlen (record), NULL);

  g_assert_nonnull (loans);
  g_assert_true (loans->is_checked);
  g_assert_cmpuint (loans->loans->len, ==, 2);
}

static void
test_cut (void)
{
  g_autofree char *record = make_record ();

  for (gsize length = 0; length < strlen (record); length++)
    {
      assert_damaged (record, record, length);
      assert_damaged (record, record + length + 1, strlen (record) - length - 1);
    }
}

static void
test_flipped (void)
{
  g_autofree char *record = make_record ();

  for (gsize at = 0; at < strlen (record); at++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autofree char *text = g_strdup (record);

        text[at] = (char) (text[at] ^ (1 << bit));
        assert_damaged (record, text, strlen (record));
      }
}

static void
assert_lines_damaged (const char *record, char **lines)
{
  g_autofree char *text = g_strjoinv ("\n", lines);

  assert_damaged (record, text, strlen (text));
}

static void
test_lines (void)
{
  g_autofree char *record = make_record ();
  g_auto (GStrv) lines = g_strsplit (record, "\n", -1);
  guint count = g_strv_length (lines);

  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < count; j++)
      {
        g_autoptr (GPtrArray) changed = g_ptr_array_new ();

        for (guint k = 0; k < count; k++)
          g_ptr_array_add (changed, lines[k == i ? j : k == j ? i : k]);
        g_ptr_array_add (changed, NULL);
        assert_lines_damaged (record, (char **) changed->pdata); /* swapped */
        changed->pdata[i] = lines[j];
        changed->pdata[j] = lines[j];
        assert_lines_damaged (record, (char **) changed->pdata); /* one in the place of another */
        changed->pdata[i] = lines[i];
        g_ptr_array_insert (changed, (int) i, lines[j]);
        assert_lines_damaged (record, (char **) changed->pdata); /* doubled */
        g_ptr_array_remove_range (changed, MIN (i, j), (guint) ABS ((int) i - (int) j) + 1);
        assert_lines_damaged (record, (char **) changed->pdata); /* dropped */
      }
}

static void
test_bytes (void)
{
  g_autofree char *record = make_record ();
  g_autoptr (GRand) random = g_rand_new_with_seed (21);

  for (guint round = 0; round < 5000; round++)
    {
      gsize length = strlen (record);
      g_autofree char *text = g_memdup2 (record, length);

      for (int i = g_rand_int_range (random, 1, 5); i > 0; i--)
        text[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int_range (random, 0, 256);
      if (g_rand_int_range (random, 0, 4) == 0)
        length = (gsize) g_rand_int_range (random, 0, (gint32) length);
      assert_damaged (record, text, length);
    }
}

/* Of an earlier version: where that was cut does not always show, so it does not count as all that was lent. */
static void
test_unchecked (void)
{
  g_autofree char *record = make_record ();
  g_autofree char *text = make_unchecked (record);
  g_autoptr (PfLoans) whole = pf_loans_parse (text, strlen (text), NULL);

  g_assert_nonnull (whole);
  g_assert_cmpuint (whole->loans->len, ==, 2);
  for (gsize length = 0; length <= strlen (text); length++)
    {
      g_autoptr (PfLoans) loans = pf_loans_parse (text, length, NULL);

      g_assert_true (loans == NULL || !loans->is_checked);
    }
}

/* The rest of a record with a checksum is not taken for one of an earlier version. */
static void
test_not_unchecked (void)
{
  g_autofree char *record = make_record ();
  gsize end = (gsize) (strstr (record, "# SHA-256 ") - record);

  *strchr (record, '2') = '1';
  for (gsize length = end + 1; length <= strlen (record); length++)
    g_assert_null (pf_loans_parse (record, length, NULL));
}

#define L "[Loans]\nFormat=1\n"
#define G "[Group 7]\nNode=0:0:600\nMembers=0000:00:07.0;\n"

static void
test_strict (void)
{
  static const char *const texts[] = {
    L "Profil=windows\n",
    L "Profile=windows\nProfile=other\n",
    L "Profile[de]=windows\n",
    L "Input=1x\n",
    L "[Loan 7]\nNode=0:0:600\nMembers=0000:00:07.0;\n",
    L "[Groop 7]\n",
    L G G,
    L G "Takn=true\n",
    L G "Driver-0000:00:07.1=ehci-pci\n",
    L G "Override-0000:00:07.1=ehci-pci\n",
    L G "Node=0:0:600\n",
    L G "Home=0x00003fff\n",
    L "[Routing 0000:00:14.0]\nHome=0x3fff\nMembers=0000:00:07.0;\n",
    L "[Routing 0000:00:14.0]\nHome=0x3fff\nHome=0x3ffe\n",
    "[Loans]\nFormat=2\n",
    "[Loans]\nFormat=01\n",
    "[Loans]\nFormat=1x\n",
  };
  g_autoptr (PfLoans) fine = pf_loans_parse (L G, strlen (L G), NULL);

  g_assert_nonnull (fine);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (pf_loans_parse (texts[i], strlen (texts[i]), &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/loans-damage/whole", test_whole);
  g_test_add_func ("/model/loans-damage/cut", test_cut);
  g_test_add_func ("/model/loans-damage/flipped", test_flipped);
  g_test_add_func ("/model/loans-damage/lines", test_lines);
  g_test_add_func ("/model/loans-damage/bytes", test_bytes);
  g_test_add_func ("/model/loans-damage/unchecked", test_unchecked);
  g_test_add_func ("/model/loans-damage/not-unchecked", test_not_unchecked);
  g_test_add_func ("/model/loans-damage/strict", test_strict);
  return g_test_run ();
}
