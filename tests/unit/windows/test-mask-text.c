/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-mask-text.h"

static const struct
{
  guint32 value;
  const char *hex;
  const char *binary;
  const char *spoken;
} rows[] = {
  { 0x3fff, "0x3fff", "00 | 111111 | 11111111", "Routing register 0x3fff: every port on the xHCI" },
  { 0x3bff, "0x3bff", "00 | 111011 | 11111111", "Routing register 0x3bff: on their EHCI are ehci2/3" },
  { 0x1f7f, "0x1f7f", "00 | 011111 | 01111111",
    "Routing register 0x1f7f: on their EHCI are ehci1/8 and ehci2/6" },
  { 0x7ffe, "0x7ffe", "01 | 111111 | 11111110", "Routing register 0x7ffe: on their EHCI are ehci1/1" },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hex = pf_mask_text_hex (rows[i].value);
      g_autofree char *binary = pf_mask_text_binary (rows[i].value);
      g_autofree char *spoken = pf_mask_text_spoken (rows[i].value);

      g_assert_cmpstr (hex, ==, rows[i].hex);
      g_assert_cmpstr (binary, ==, rows[i].binary);
      g_assert_cmpstr (spoken, ==, rows[i].spoken);
    }
}

/* The numbers of the ports stand above their bits. */
static void
test_table (void)
{
  g_autofree char *table = pf_mask_text_table (0x3bff);
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpstr (lines[1], ==, "00 | 654321 | 87654321");
  g_assert_cmpstr (lines[2], ==, "00 | 111011 | 11111111");
  g_assert_cmpint (lines[1][8], ==, '3');
  g_assert_cmpint (lines[2][8], ==, '0');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mask-text/values", test_values);
  g_test_add_func ("/mask-text/table", test_table);
  return g_test_run ();
}
