/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: the record of what is lent. Nothing gets past its checksum, so each input is read a second
 * time with the one that is right for it. */
#include <string.h>

#include "pf-fuzz.h"
#include "pf-loans.h"
#include "pf-pci-address.h"

const char *const pf_fuzz_words[] = {
  "[Loans]\n",
  "[Group 7]\n",
  "[Group 65536]\n",
  "[Routing 0000:00:14.0]\n",
  "Format=1\n",
  "Format=2\n",
  "Profile=windows\n",
  "Previous=home\n",
  "Input=true\n",
  "Node=0:0:600\n",
  "Members=",
  "0000:00:1a.0",
  "0000:00:1d.0",
  ";",
  "Driver-",
  "Override-",
  "DeviceNode-",
  "=ehci-pci\n",
  "=0:0:600\n",
  "Taken=true\n",
  "WantedHome=",
  "true",
  "false",
  "Home=0x00003fff\n",
  "SuperSpeed=0x0000003f\n",
  "Power=auto\n",
  "Power=on\n",
  "# SHA-256 ",
  "\n",
  "=",
  "\\s",
  "\\",
  "0x",
  NULL,
};

static void
check_homes (const PfLoans *loans, const PfLoans *again)
{
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    {
      GHashTableIter iter;
      gpointer router, value;

      g_assert_cmpuint (g_hash_table_size (loans->homes[i]), ==, g_hash_table_size (again->homes[i]));
      g_hash_table_iter_init (&iter, loans->homes[i]);
      while (g_hash_table_iter_next (&iter, &router, &value))
        {
          guint32 other;

          g_assert_true (pf_pci_address_is_canonical (router));
          g_assert_true (pf_loans_get_home (again, router, i, &other));
          g_assert_cmphex (other, ==, GPOINTER_TO_UINT (value));
        }
    }
}

static void
check_loan (const PfLoan *loan, const PfLoan *again)
{
  g_assert_cmpint (loan->group, >=, 0);
  g_assert_cmpint (loan->group, ==, again->group);
  g_assert_cmpmem (&loan->node, sizeof loan->node, &again->node, sizeof again->node);
  g_assert_cmpint (loan->taken, ==, again->taken);
  g_assert_cmpint (loan->wanted_home, ==, again->wanted_home);
  g_assert_cmpuint (loan->members->len, ==, again->members->len);
  g_assert_cmpuint (loan->devices->len, ==, again->devices->len);
  for (guint i = 0; i < loan->members->len; i++)
    {
      const PfLoanMember *a = loan->members->pdata[i], *b = again->members->pdata[i];

      g_assert_true (pf_pci_address_is_canonical (a->address));
      g_assert_cmpstr (a->address, ==, b->address);
      g_assert_cmpstr (a->driver, ==, b->driver);
      g_assert_cmpstr (a->driver_override, ==, b->driver_override);
    }
}

static void
check_round (const PfLoans *loans)
{
  gsize length;
  g_autofree char *text = pf_loans_serialize (loans, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfLoans) again = pf_loans_parse (text, length, &error);

  g_assert_no_error (error);
  g_assert_true (again->is_checked);
  g_assert_cmpstr (loans->profile, ==, again->profile);
  g_assert_cmpstr (loans->previous, ==, again->previous);
  g_assert_cmpint (loans->input, ==, again->input);
  g_assert_cmpuint (loans->loans->len, ==, again->loans->len);
  for (guint i = 0; i < loans->loans->len; i++)
    check_loan (loans->loans->pdata[i], again->loans->pdata[i]);
  check_homes (loans, again);
}

static gboolean
take (const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfLoans) loans = pf_loans_parse (data, size, &error);

  pf_fuzz_check_error (loans != NULL, error);
  if (loans != NULL)
    check_round (loans);
  return loans != NULL && loans->is_checked;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, size);
  g_autoptr (GString) whole = g_string_new_len ((const char *) data, (gssize) size);

  take ((const char *) data, size);
  g_string_append_printf (whole, "# SHA-256 %s\n", checksum);
  /* What is read with its checksum is not read without its end. */
  if (take (whole->str, whole->len))
    for (gsize cut = 1; cut < 80; cut += 7)
      g_assert_false (take (whole->str, whole->len - cut));
  return 0;
}
