/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: the chipset table, which says which bits of which register may be written. */
#include <stdlib.h>
#include <string.h>

#include "pf-chipset.h"
#include "pf-fuzz.h"
#include "pf-pci-address.h"
#include "pf-pci-ids.h"
#include "pf-port-map.h"

const char *const pf_fuzz_words[] = {
  "[defaults]\n",
  "[chipset 8086:8cb1]\n",
  "[chipset 8086:1e31]\n",
  "[reset-quirk 1022:149c]\n",
  "[reset-quirk 1022:149c more]\n",
  "name=Wildcat Point\n",
  "ehci1=8086:8ca6@0000:00:1d.0\n",
  "ehci2=8086:8cad@0000:00:1a.0\n",
  "usbr_bit=14\n",
  "mask_max=0x00003fff\n",
  "ss_mask_max=0x0000003f\n",
  "ehci1_bits=0;1;2;3;4;5;6;7\n",
  "ehci2_bits=8;9;10;11;12;13\n",
  "xhci_hs_bits=0;1;2;3;8;9;10;11;4;5;12;13;6;7;14\n",
  "ss_bits=0;1;2;3;4;5\n",
  "require_bdf=0000:00:14.0\n",
  "deny_subsystem=104d:90a8\n",
  "experimental=true\n",
  "text=It hangs.\n",
  "severity=risk\n",
  "severity=note\n",
  "kernel_before=5.8\n",
  "method=flr\n",
  "shared_group=true\n",
  "\n",
  ";",
  "=",
  "-1",
  "31",
  "32",
  "0x",
  "@",
  "\\s",
  "\\",
  NULL,
};

static void
check_bits (const gint8 *bits)
{
  for (guint i = 0; i < PF_CHIPSET_MAX_PORTS; i++)
    {
      g_assert_cmpint (bits[i], >=, PF_CHIPSET_NO_BIT);
      g_assert_cmpint (bits[i], <=, 31);
    }
}

/* Whatever a table says, no bit is written that is no port's. */
static void
check_masks (const PfChipset *chipset)
{
  for (guint i = 0; i < 4; i++)
    {
      const gboolean present[PF_CHIPSET_MAX_EHCIS] = { i & 1, i >> 1 };
      guint32 mask = pf_port_map_effective_mask (chipset, 0xffffffff, present);

      g_assert_cmphex (mask & ~chipset->mask_max, ==, 0);
      g_assert_cmphex (mask & ~PF_PORT_MAP_BITS, ==, 0);
      g_assert_true (chipset->usbr_bit < 0 || (mask >> chipset->usbr_bit & 1) == 0);
      g_assert_cmphex ((pf_port_map_combine (0x12345678, 0xffffffff, mask) ^ 0x12345678) & ~mask, ==, 0);
    }
  for (guint port = 0; port <= 256; port++)
    {
      int bit = pf_port_map_xhci_port_to_bit (chipset, port);

      g_assert_cmpint (bit, <=, 31);
      g_assert_true (bit < 0 || pf_port_map_bit_to_xhci_port (chipset, (guint) bit) == port);
      g_assert_cmpint (pf_port_map_ehci_port_to_bit (chipset, 1, port), <, PF_PORT_MAP_EHCI2_BASE);
      g_assert_cmpint (pf_port_map_ehci_port_to_bit (chipset, 2, port), <, PF_PORT_MAP_N_BITS);
    }
}

static void
check_chipset (const PfChipset *chipset)
{
  g_assert_true (g_utf8_validate (chipset->name, -1, NULL));
  g_assert_cmpuint (chipset->ehci_count, >=, 1);
  g_assert_cmpuint (chipset->ehci_count, <=, PF_CHIPSET_MAX_EHCIS);
  for (guint i = 0; i < chipset->ehci_count; i++)
    g_assert_true (pf_pci_address_is_canonical (chipset->ehci[i].address));
  g_assert_true (chipset->require_address == NULL || pf_pci_address_is_canonical (chipset->require_address));
  check_bits (chipset->ehci_bits[0]);
  check_bits (chipset->ehci_bits[1]);
  check_bits (chipset->xhci_bits);
  check_bits (chipset->super_speed_bits);
  check_masks (chipset);
}

/* Of each group that the text names, what the table has. */
static guint
check_entries (const PfChipsetTable *table, const char *text)
{
  guint n = 0;

  for (const char *at = strstr (text, "[chipset "); at != NULL; at = strstr (at + 1, "[chipset "))
    {
      g_autofree char *ids = g_strndup (at + strlen ("[chipset "), strlen ("8086:8cb1"));
      guint16 vendor, device;
      const PfChipset *chipset;

      if (!pf_pci_ids_parse (ids, &vendor, &device))
        continue;
      chipset = pf_chipset_table_lookup (table, vendor, device);
      if (chipset == NULL)
        continue;
      n++;
      check_chipset (chipset);
      g_assert_nonnull (
          pf_chipset_table_lookup_companion (table, chipset->ehci[0].vendor, chipset->ehci[0].device));
    }
  return n;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
  g_autofree char *text = pf_fuzz_to_text (data, size);
  g_autoptr (GError) error = NULL;
  gboolean done = pf_chipset_table_add (table, (const char *) data, size, &error);
  guint n = pf_chipset_table_get_size (table);

  pf_fuzz_check_error (done, error);
  g_assert_true (done || n == 0);
  g_assert_true (n == 0 || check_entries (table, text) > 0);
  /* The same again replaces each entry by itself. */
  if (done)
    {
      g_assert_true (pf_chipset_table_add (table, (const char *) data, size, NULL));
      g_assert_cmpuint (pf_chipset_table_get_size (table), ==, n);
    }
  return 0;
}
