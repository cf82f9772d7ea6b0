/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The chipset table: that the shipped one says what is known, and that no other text gets into it. */

#include <string.h>

#include "pf-error.h"
#include "pf-reset-quirk.h"
#include "pf-test-board.h"

#define MAX_LIST (PF_CHIPSET_MAX_PORTS + 1)
#define END (-2)

/* The facts once more, apart from data/chipsets.conf, so that a slip of the pen there is seen. Lists end with
 * END. */
typedef struct
{
  guint16 device;
  const char *ehci[PF_CHIPSET_MAX_EHCIS];
  int usbr_bit;
  guint32 mask_max;
  guint32 super_speed_mask_max;
  int ehci1_bits[MAX_LIST];
  int ehci2_bits[MAX_LIST];
  int xhci_bits[MAX_LIST];
  guint super_speed_ports;
  gboolean experimental;
} Facts;

#define PINS_1                                                                                               \
  {                                                                                                          \
    0, 1, 2, 3, 4, 5, 6, 7, END                                                                              \
  }
#define PINS_2                                                                                               \
  {                                                                                                          \
    8, 9, 10, 11, 12, 13, END                                                                                \
  }
#define PINS_H                                                                                               \
  {                                                                                                          \
    0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 12, 13, 6, 7, 14, END                                                    \
  }

static const Facts facts[] = {
  { 0x1e31,
    { "8086:1e26", "8086:1e2d" },
    -1,
    0x000f,
    0x0f,
    { 0, 1, 2, 3, -1, -1, -1, -1, END },
    { -1, -1, -1, -1, -1, -1, END },
    { 0, 1, 2, 3, END },
    4,
    FALSE },
  { 0x8c31, { "8086:8c26", "8086:8c2d" }, 14, 0x3fff, 0x3f, PINS_1, PINS_2, PINS_H, 6, FALSE },
  { 0x8cb1, { "8086:8ca6", "8086:8cad" }, 14, 0x3fff, 0x3f, PINS_1, PINS_2, PINS_H, 6, FALSE },
  { 0x8d31, { "8086:8d26", "8086:8d2d" }, 14, 0x3fff, 0x3f, PINS_1, PINS_2, PINS_H, 6, FALSE },
  { 0x9c31,
    { "8086:9c26", NULL },
    8,
    0x00ff,
    0x0f,
    PINS_1,
    { END },
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, END },
    4,
    FALSE },
  { 0x9cb1,
    { "8086:9ca6", NULL },
    10,
    0x00ff,
    0x0f,
    PINS_1,
    { END },
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, END },
    4,
    FALSE },
  { 0x0f35,
    { "8086:0f34", NULL },
    6,
    0x000f,
    0x01,
    { 0, 1, 2, 3, END },
    { END },
    { 0, 1, 2, 3, 4, 5, END },
    1,
    TRUE },
};

static void
assert_bits (const gint8 bits[PF_CHIPSET_MAX_PORTS], const int expected[MAX_LIST])
{
  gboolean ended = FALSE;

  for (guint i = 0; i < PF_CHIPSET_MAX_PORTS; i++)
    {
      ended |= expected[i] == END;
      g_assert_cmpint (bits[i], ==, ended ? PF_CHIPSET_NO_BIT : expected[i]);
    }
}

static void
assert_ehcis (const PfChipset *chipset, const Facts *fact)
{
  static const char *const addresses[] = { "0000:00:1d.0", "0000:00:1a.0" };

  g_assert_cmpuint (chipset->ehci_count, ==, fact->ehci[1] != NULL ? 2 : 1);
  for (guint i = 0; i < chipset->ehci_count; i++)
    {
      g_autofree char *ids = g_strdup_printf ("%04x:%04x", chipset->ehci[i].vendor, chipset->ehci[i].device);

      g_assert_cmpstr (ids, ==, fact->ehci[i]);
      g_assert_cmpstr (chipset->ehci[i].address, ==, addresses[i]);
    }
}

static void
test_facts (gconstpointer data)
{
  const Facts *fact = data;
  const PfChipset *chipset = pf_chipset_table_lookup (pf_test_wish_get_chipsets (), 0x8086, fact->device);
  const int super_speed_bits[MAX_LIST] = { 0, 1, 2, 3, 4, 5, END };

  g_assert_nonnull (chipset);
  g_assert_cmpuint (chipset->vendor, ==, 0x8086);
  g_assert_cmpuint (chipset->device, ==, fact->device);
  g_assert_cmpuint (strlen (chipset->name), >, 5);
  g_assert_cmpstr (chipset->require_address, ==, "0000:00:14.0");
  assert_ehcis (chipset, fact);
  g_assert_cmpint (chipset->usbr_bit, ==, fact->usbr_bit);
  g_assert_cmphex (chipset->mask_max, ==, fact->mask_max);
  g_assert_cmphex (chipset->super_speed_mask_max, ==, fact->super_speed_mask_max);
  assert_bits (chipset->ehci_bits[0], fact->ehci1_bits);
  assert_bits (chipset->ehci_bits[1], fact->ehci2_bits);
  assert_bits (chipset->xhci_bits, fact->xhci_bits);
  for (guint i = 0; i < PF_CHIPSET_MAX_PORTS; i++)
    g_assert_cmpint (chipset->super_speed_bits[i], ==,
                     i < fact->super_speed_ports ? super_speed_bits[i] : PF_CHIPSET_NO_BIT);
  g_assert_cmpint (chipset->experimental, ==, fact->experimental);
  g_assert_cmpuint (g_strv_length (chipset->denied_subsystems), ==, 1);
  g_assert_cmpstr (chipset->denied_subsystems[0], ==, "104d:90a8");
}

/* An allowlist: these seven and no others. */
static void
test_nothing_else (void)
{
  const PfChipsetTable *table = pf_test_wish_get_chipsets ();
  static const guint32 others[]
      = { 0x8086a12f, 0x80869d2f, 0x8086a2af, 0x8086a36d, 0x808622b5, 0x808615b5, 0x1022149c,
          0x1b211242, 0x19120014, 0x80868ca6, 0x80868cad, 0x00008cb1, 0x8cb18086, 0 };

  g_assert_cmpuint (pf_chipset_table_get_size (table), ==, G_N_ELEMENTS (facts));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (pf_chipset_table_lookup (table, others[i] >> 16, others[i] & 0xffff));
}

static void
test_warnings (void)
{
  const PfChipsetTable *table = pf_test_wish_get_chipsets ();
  static const guint32 known[]
      = { 0x1022149c, 0x1022148c, 0x10221487, 0x102215b8, 0x102215e0, 0x102215e1, 0x1022145c, 0x19120014 };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      const GPtrArray *quirks = pf_chipset_table_get_quirks (table, known[i] >> 16, known[i] & 0xffff);

      g_assert_nonnull (quirks);
      g_assert_cmpuint (strlen (((const PfResetQuirk *) quirks->pdata[0])->text), >, 30);
    }
  g_assert_null (pf_chipset_table_get_quirks (table, 0x8086, 0x8cb1));
}

#define GOOD                                                                                                 \
  "name=Test\n"                                                                                              \
  "ehci1=8086:0002@0000:00:1d.0\n"                                                                           \
  "mask_max=0x00ff\n"                                                                                        \
  "ss_mask_max=0x0f\n"                                                                                       \
  "ehci1_bits=0;1;2;3;4;5;6;7\n"                                                                             \
  "xhci_hs_bits=0;1;2;3;4;5;6;7;8\n"

static gboolean
add (PfChipsetTable *table, const char *text, GError **error)
{
  return pf_chipset_table_add (table, text, strlen (text), error);
}

static void
test_empty (void)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_chipset_table_lookup (table, 0x8086, 0x8cb1));
  g_assert_true (add (table, "", &error));
  g_assert_true (add (table, "# nothing but a comment\n", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pf_chipset_table_get_size (table), ==, 0);
}

/* What may be left out, and what it means then. */
static void
test_defaults (void)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autoptr (GError) error = NULL;
  const PfChipset *chipset;

  add (table, "[chipset 8086:0001]\n" GOOD, &error);
  g_assert_no_error (error);
  chipset = pf_chipset_table_lookup (table, 0x8086, 0x0001);
  g_assert_null (chipset->require_address);
  g_assert_null (chipset->denied_subsystems);
  g_assert_cmpint (chipset->usbr_bit, ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpuint (chipset->ehci_count, ==, 1);
  g_assert_false (chipset->experimental);
  g_assert_cmpint (chipset->ehci_bits[1][0], ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (chipset->super_speed_bits[0], ==, PF_CHIPSET_NO_BIT);
}

/* What the first file restricts holds for additions, unless they say otherwise; and not the other way round.
 */
static void
test_defaults_are_inherited (void)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autoptr (GError) error = NULL;
  const PfChipset *chipset;

  add (table, "[defaults]\nrequire_bdf=0000:00:14.0\ndeny_subsystem=104d:90a8;104d:90a9\n", &error);
  g_assert_no_error (error);
  add (table, "[chipset 8086:0001]\n" GOOD "[chipset 8086:0002]\n" GOOD "require_bdf=0000:03:01.0\n", &error);
  g_assert_no_error (error);
  chipset = pf_chipset_table_lookup (table, 0x8086, 0x0001);
  g_assert_cmpstr (chipset->require_address, ==, "0000:00:14.0");
  g_assert_cmpuint (g_strv_length (chipset->denied_subsystems), ==, 2);
  g_assert_cmpstr (chipset->denied_subsystems[1], ==, "104d:90a9");
  chipset = pf_chipset_table_lookup (table, 0x8086, 0x0002);
  g_assert_cmpstr (chipset->require_address, ==, "0000:03:01.0");
  g_assert_nonnull (chipset->denied_subsystems);
  /* Each key by itself, and only for the file that has it. */
  add (table, "[defaults]\nrequire_bdf=0000:04:00.0\n[chipset 8086:0003]\n" GOOD, &error);
  g_assert_no_error (error);
  add (table, "[chipset 8086:0004]\n" GOOD, &error);
  g_assert_no_error (error);
  chipset = pf_chipset_table_lookup (table, 0x8086, 0x0003);
  g_assert_cmpstr (chipset->require_address, ==, "0000:04:00.0");
  g_assert_nonnull (chipset->denied_subsystems);
  chipset = pf_chipset_table_lookup (table, 0x8086, 0x0004);
  g_assert_cmpstr (chipset->require_address, ==, "0000:00:14.0");
}

/* A file that is refused leaves no defaults either. */
static void
test_defaults_of_a_bad_file (void)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (add (table, "[defaults]\nrequire_bdf=0000:00:14.0\n[chipset 8086:0001]\n", &error));
  g_clear_error (&error);
  add (table, "[chipset 8086:0001]\n" GOOD, &error);
  g_assert_no_error (error);
  g_assert_null (pf_chipset_table_lookup (table, 0x8086, 0x0001)->require_address);
}

static void
test_addition_replaces (void)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autoptr (GError) error = NULL;
  const GPtrArray *quirks;
  const PfChipset *chipset;

  add (table,
       "[chipset 8086:0001]\n" GOOD "[reset-quirk 8086:0009]\ntext=old\n[reset-quirk 8086:0009 more]\ntext=older\n",
       &error);
  g_assert_no_error (error);
  add (table,
       "[chipset 8086:0001]\n" GOOD "usbr_bit=8\nexperimental=true\nrequire_bdf=0000:03:01.0\n"
       "[chipset 8086:0003]\n" GOOD "[reset-quirk 8086:0009]\ntext=new\n",
       &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pf_chipset_table_get_size (table), ==, 2);
  chipset = pf_chipset_table_lookup (table, 0x8086, 0x0001);
  g_assert_cmpint (chipset->usbr_bit, ==, 8);
  g_assert_cmpstr (chipset->require_address, ==, "0000:03:01.0");
  g_assert_true (chipset->experimental);
  quirks = pf_chipset_table_get_quirks (table, 0x8086, 0x0009);
  g_assert_cmpuint (quirks->len, ==, 1);
  g_assert_cmpstr (((const PfResetQuirk *) quirks->pdata[0])->text, ==, "new");
}

/* A text that is refused, and what its message has to name. */
typedef struct
{
  const char *text;
  const char *group;
  const char *key;
} Malformed;

#define C "[chipset 8086:0001]\n"
#define G "chipset 8086:0001"

static const Malformed malformed[] = {
  { "name=Test\n", "", "" },
  { "[chipset 8086:0001\n", "", "" },
  { "not a keyfile", "", "" },
  { "[Chipset 8086:0001]\n" GOOD, "Chipset 8086:0001", "known" },
  { "[something]\n", "something", "known" },
  { "[chipset 8086]\n" GOOD, "chipset 8086", "8086:8cb1" },
  { "[chipset 8086:1]\n" GOOD, "chipset 8086:1", "8086:8cb1" },
  { "[chipset 8086:0x01]\n" GOOD, "chipset 8086:0x01", "8086:8cb1" },
  { "[chipset 8086:+001]\n" GOOD, "chipset 8086:+001", "8086:8cb1" },
  { "[chipset 8086:0001:0002]\n" GOOD, "chipset 8086:0001:0002", "8086:8cb1" },
  { "[chipset 8086:000g]\n" GOOD, "chipset 8086:000g", "8086:8cb1" },
  { C "ehci1=8086:0002@0000:00:1d.0\nmask_max=0x1\nss_mask_max=0x1\n", G, "name" },
  { C "name=x\nmask_max=0x1\nss_mask_max=0x1\n", G, "ehci1" },
  { C "name=x\nehci1=8086:0002@0000:00:1d.0\nss_mask_max=0x1\n", G, "mask_max" },
  { C "name=x\nehci1=8086:0002@0000:00:1d.0\nmask_max=0x1\n", G, "ss_mask_max" },
  { C GOOD "mask_max=\n", G, "mask_max" },
  { C GOOD "mask_max=255\n", G, "mask_max" },
  { C GOOD "mask_max=0x\n", G, "mask_max" },
  { C GOOD "mask_max=0x0x1\n", G, "mask_max" },
  { C GOOD "mask_max=-0x1\n", G, "mask_max" },
  { C GOOD "mask_max=0x-1\n", G, "mask_max" },
  { C GOOD "mask_max=0x100000000\n", G, "mask_max" },
  { C GOOD "mask_max=0x3fff;0x1\n", G, "mask_max" },
  { C GOOD "ss_mask_max=many\n", G, "ss_mask_max" },
  { C GOOD "ehci1=8086:0002\n", G, "ehci1" },
  { C GOOD "ehci1=@0000:00:1d.0\n", G, "ehci1" },
  { C GOOD "ehci1=8086:0002@00:1d.0\n", G, "ehci1" },
  { C GOOD "ehci1=8086:0002@0000:00:1D.0\n", G, "ehci1" },
  { C GOOD "ehci1=8086:2@0000:00:1d.0\n", G, "ehci1" },
  { C GOOD "ehci2=nonsense\n", G, "ehci2" },
  { C GOOD "ehci2=\\q\n", G, "ehci2" },
  { C GOOD "ehci2=8086:0002@0000:00:1a.0@x\n", G, "ehci2" },
  { C GOOD "usbr_bit=many\n", G, "usbr_bit" },
  { C GOOD "usbr_bit=32\n", G, "usbr_bit" },
  { C GOOD "usbr_bit=-2\n", G, "usbr_bit" },
  { C GOOD "require_bdf=00:14.0\n", G, "require_bdf" },
  { C GOOD "require_bdf=\n", G, "require_bdf" },
  { C GOOD "require_bdf=\\q\n", G, "require_bdf" },
  { "[defaults]\nrequire_bdf=anywhere\n" C GOOD, "defaults", "require_bdf" },
  { C GOOD "ehci1_bits=zero\n", G, "ehci1_bits" },
  { C GOOD "ehci1_bits=0;1;2;x\n", G, "ehci1_bits" },
  { C GOOD "ehci2_bits=32\n", G, "ehci2_bits" },
  { C GOOD "xhci_hs_bits=-2\n", G, "xhci_hs_bits" },
  { C GOOD "xhci_hs_bits=0;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16\n", G, "xhci_hs_bits" },
  { C GOOD "ss_bits=0;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16\n", G, "ss_bits" },
  { C GOOD "ss_bits=0;1.5\n", G, "ss_bits" },
  { C GOOD "experimental=perhaps\n", G, "experimental" },
  /* A typing error must not leave a default in force. */
  { C GOOD "require_address=0000:00:14.0\n", G, "require_address" },
  { C GOOD "ehci3=8086:0002@0000:00:1d.0\n", G, "ehci3" },
  { "[defaults]\ndeny_subsystems=104d:90a8\n" C GOOD, "defaults", "deny_subsystems" },
  { "[defaults]\ndeny_subsystem=everything\n" C GOOD, "defaults", "deny_subsystem" },
  /* The names of ports follow from the pins: a table that contradicts them would move other ports than named.
   */
  { C GOOD "ehci1_bits=1;0\n", G, "ehci1_bits" },
  { C GOOD "ehci2_bits=6;7;8;9\n", G, "ehci2_bits" },
  { C GOOD "ehci1_bits=0;1;2;3;4;5;6;7;8\n", G, "ehci1_bits" },
  { C GOOD "xhci_hs_bits=0;1;1\n", G, "xhci_hs_bits" },
  { "[reset-quirk 1022]\ntext=x\n", "reset-quirk 1022", "1022:149c" },
  { "[reset-quirk 1022:149c]\n", "reset-quirk 1022:149c", "text" },
  { "[reset-quirk 1022:149c]\nname=x\ntext=x\n", "reset-quirk 1022:149c", "name" },
};

/* Before what is wrong there is an entry that is right: the file counts as a whole or not at all. */
static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strconcat ("[chipset 8086:00f0]\n" GOOD, malformed[i].text, NULL);
      gboolean outside_groups = *malformed[i].text != '[';

      g_test_message ("%s", malformed[i].text);
      g_assert_false (add (table, outside_groups ? malformed[i].text : text, &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, malformed[i].group));
      g_assert_nonnull (strstr (error->message, malformed[i].key));
      g_assert_cmpuint (pf_chipset_table_get_size (table), ==, 0);
    }
}

/* What a message quotes of it gets into logs and onto terminals. */
static void
test_hostile_text (void)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (add (table, C GOOD "na\033[2Jme=x\n", &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_assert_null (strchr (error->message, '\033'));
}

static void
test_not_text (void)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autofree char *huge = g_strnfill (65537, '#');
  g_autoptr (GError) error = NULL;

  g_assert_false (pf_chipset_table_add (table, C GOOD "\0", strlen (C GOOD) + 1, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (add (table, C GOOD "# \xff\xfe\n", &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (add (table, huge, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (pf_chipset_table_get_size (table), ==, 0);
}

/* The shipped file with bytes changed: it is read or refused, and nothing worse. */
static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20240607);
  g_autofree char *original = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (PF_TEST_CHIPSETS, &original, &length, NULL));
  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
      g_autofree char *text = g_memdup2 (original, length);
      g_autoptr (GError) error = NULL;

      for (int i = g_rand_int_range (random, 1, 6); i > 0; i--)
        text[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int_range (random, 0, 128);
      if (pf_chipset_table_add (table, text, length, &error))
        g_assert_cmpuint (pf_chipset_table_get_size (table), <=, G_N_ELEMENTS (facts));
      else
        g_assert_cmpuint (pf_chipset_table_get_size (table), ==, 0);
      g_assert_true (error == NULL || error->domain == PF_ERROR);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/chipset/facts/8086:%04x", facts[i].device);

      g_test_add_data_func (path, &facts[i], test_facts);
    }
  g_test_add_func ("/model/chipset/nothing-else", test_nothing_else);
  g_test_add_func ("/model/chipset/warnings", test_warnings);
  g_test_add_func ("/model/chipset/empty", test_empty);
  g_test_add_func ("/model/chipset/defaults", test_defaults);
  g_test_add_func ("/model/chipset/defaults-are-inherited", test_defaults_are_inherited);
  g_test_add_func ("/model/chipset/defaults-of-a-bad-file", test_defaults_of_a_bad_file);
  g_test_add_func ("/model/chipset/addition-replaces", test_addition_replaces);
  g_test_add_func ("/model/chipset/refused", test_refused);
  g_test_add_func ("/model/chipset/hostile-text", test_hostile_text);
  g_test_add_func ("/model/chipset/not-text", test_not_text);
  g_test_add_func ("/model/chipset/mutations", test_mutations);
  return g_test_run ();
}
