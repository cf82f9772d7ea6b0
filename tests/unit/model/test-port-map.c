/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ports: their names, their bits on each side, and the masks that profiles come to. */

#include <string.h>

#include "pf-error.h"
#include "pf-test-plan.h"

static void
test_names_and_bits (void)
{
  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    {
      guint ehci = bit < 8 ? 1 : 2, port = bit < 8 ? bit + 1 : bit - 7;
      g_autofree char *expected = g_strdup_printf ("ehci%u/%u", ehci, port);
      g_autofree char *name = pf_port_map_bit_to_name (bit);
      PfPortSet set = { 0 };

      g_assert_cmpstr (name, ==, expected);
      g_assert_cmpuint (pf_port_map_bit_to_ehci (bit), ==, ehci);
      g_assert_cmpuint (pf_port_map_bit_to_ehci_port (bit), ==, port);
      g_assert_true (pf_port_set_add_name (&set, name, NULL));
      g_assert_cmphex (set.bits, ==, 1u << bit);
    }
}

static guint32
resolve (const char *words, guint32 existing)
{
  g_auto (GStrv) names = g_strsplit (words, " ", -1);
  PfPortSet set = { 0 };

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      pf_port_set_add_name (&set, names[i], &error);
      g_assert_no_error (error);
    }
  return pf_port_set_resolve (&set, existing);
}

static void
test_sets (void)
{
  g_assert_cmphex (resolve ("ehci1/1", 0x3fff), ==, 0x0001);
  g_assert_cmphex (resolve ("ehci1/8", 0x3fff), ==, 0x0080);
  g_assert_cmphex (resolve ("ehci2/1", 0x3fff), ==, 0x0100);
  g_assert_cmphex (resolve ("ehci2/6", 0x3fff), ==, 0x2000);
  g_assert_cmphex (resolve ("ehci1", 0x3fff), ==, 0x00ff);
  g_assert_cmphex (resolve ("ehci2", 0x3fff), ==, 0x3f00);
  g_assert_cmphex (resolve ("all", 0x3fff), ==, 0x3fff);
  g_assert_cmphex (resolve ("ehci1 ehci2", 0x3fff), ==, 0x3fff);
  g_assert_cmphex (resolve ("bit/0 bit/13", 0x3fff), ==, 0x2001);
  g_assert_cmphex (resolve ("0x3f00", 0x3fff), ==, 0x3f00);
  g_assert_cmphex (resolve ("0x00FF ehci2/1", 0x3fff), ==, 0x01ff);
  g_assert_cmphex (resolve ("ehci1/2 ehci1/2", 0x3fff), ==, 0x0002);
  /* A wildcard means what is there; what is named, is meant, there or not. */
  g_assert_cmphex (resolve ("all", 0x0f3f), ==, 0x0f3f);
  g_assert_cmphex (resolve ("ehci1", 0x0f3f), ==, 0x003f);
  g_assert_cmphex (resolve ("ehci2", 0x0f3f), ==, 0x0f00);
  g_assert_cmphex (resolve ("ehci1/8", 0x0f3f), ==, 0x0080);
}

static void
test_bad_names (void)
{
  static const char *const names[] = {
    "",          "ehci",     "ehci0",    "ehci3",          "ehci1/",
    "ehci1/0",   "ehci1/9",  "ehci2/0",  "ehci2/7",        "ehci3/1",
    "ehci1/-1",  "ehci1/+1", "ehci1/ 1", "ehci1/1 ",       "ehci1/x",
    "ehci1/1/2", "EHCI1/1",  "All",      "none",           "bit/",
    "bit/-1",    "bit/14",   "bit/31",   "bit/4294967296", "0x",
    "0x0",       "0x4000",   "0xffff",   "0x-1",           "0x0x1",
    "3fff",      "1",        " ehci1/1", "ehci1/1;",       "xhci",
    "xhci/1",    "\xff\xfe", "ehci1\n",  "ehci1/1e0",      "ehci1/18446744073709551617",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PfPortSet set = { .bits = 0x0004 };
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_strescape (names[i], NULL);

      g_test_message ("%s", shown);
      g_assert_false (pf_port_set_add_name (&set, names[i], &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "ehci1/1 to ehci1/8"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmphex (set.bits, ==, 0x0004);
      g_assert_false (set.all_of_ehci[0] || set.all_of_ehci[1]);
    }
}

/* All 14 bits with all four wildcards: the names say the same set again, on any board. */
static void
test_names_round_trip (void)
{
  for (guint wild = 0; wild < 4; wild++)
    for (guint32 bits = 0; bits <= PF_PORT_MAP_BITS; bits++)
      {
        const PfPortSet set = { bits, { wild & 1, wild >> 1 } };
        g_auto (GStrv) names = pf_port_set_to_names (&set);
        PfPortSet back = { 0 };

        for (guint i = 0; names[i] != NULL; i++)
          if (!pf_port_set_add_name (&back, names[i], NULL))
            g_error ("%s", names[i]);
        if (pf_port_set_is_empty (&set) != (names[0] == NULL)
            || pf_port_set_resolve (&set, 0x3fff) != pf_port_set_resolve (&back, 0x3fff)
            || (set.all_of_ehci[0] != back.all_of_ehci[0]) || (set.all_of_ehci[1] != back.all_of_ehci[1]))
          g_error ("bits 0x%04x, wildcards %u", bits, wild);
      }
}

static const PfChipset *
get_chipset (guint16 device)
{
  return pf_chipset_table_lookup (pf_test_wish_get_chipsets (), 0x8086, device);
}

/* The pin order of the 8 and 9 series, as 24 firmware tables have it. */
static void
test_xhci_ports_h (void)
{
  static const int bits[] = { 0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 12, 13, 6, 7, 14 };
  static const guint16 devices[] = { 0x8c31, 0x8cb1, 0x8d31 };

  for (guint d = 0; d < G_N_ELEMENTS (devices); d++)
    {
      const PfChipset *chipset = get_chipset (devices[d]);

      for (guint port = 1; port <= G_N_ELEMENTS (bits); port++)
        {
          g_assert_cmpint (pf_port_map_xhci_port_to_bit (chipset, port), ==, bits[port - 1]);
          g_assert_cmpuint (pf_port_map_bit_to_xhci_port (chipset, (guint) bits[port - 1]), ==, port);
        }
      g_assert_cmpint (pf_port_map_xhci_port_to_bit (chipset, 0), ==, PF_CHIPSET_NO_BIT);
      g_assert_cmpint (pf_port_map_xhci_port_to_bit (chipset, 16), ==, PF_CHIPSET_NO_BIT);
      g_assert_cmpint (pf_port_map_xhci_port_to_bit (chipset, G_MAXUINT), ==, PF_CHIPSET_NO_BIT);
      g_assert_cmpuint (pf_port_map_bit_to_xhci_port (chipset, 15), ==, 0);
    }
}

static void
test_xhci_ports_in_order (void)
{
  static const guint16 devices[] = { 0x1e31, 0x9c31, 0x9cb1, 0x0f35 };

  for (guint d = 0; d < G_N_ELEMENTS (devices); d++)
    for (guint port = 1; port <= 4; port++)
      g_assert_cmpint (pf_port_map_xhci_port_to_bit (get_chipset (devices[d]), port), ==, (int) port - 1);
}

static void
test_ehci_ports (void)
{
  const PfChipset *nine = get_chipset (0x8cb1), *seven = get_chipset (0x1e31), *mobile = get_chipset (0x9c31);

  for (guint port = 1; port <= 8; port++)
    g_assert_cmpint (pf_port_map_ehci_port_to_bit (nine, 1, port), ==, (int) port - 1);
  for (guint port = 1; port <= 6; port++)
    g_assert_cmpint (pf_port_map_ehci_port_to_bit (nine, 2, port), ==, (int) port + 7);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (nine, 1, 9), ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (nine, 2, 7), ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (nine, 1, 0), ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (nine, 0, 1), ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (nine, 3, 1), ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (seven, 1, 4), ==, 3);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (seven, 1, 5), ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (seven, 2, 1), ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (pf_port_map_ehci_port_to_bit (mobile, 2, 1), ==, PF_CHIPSET_NO_BIT);
}

/* chipset mask & what the firmware allows, without USBR, without ports whose EHCI is absent. */
static void
test_effective_mask (void)
{
  const PfChipset *nine = get_chipset (0x8cb1), *seven = get_chipset (0x1e31);
  const PfChipset *mobile = get_chipset (0x9c31), *broadwell = get_chipset (0x9cb1);
  const gboolean both[] = { TRUE, TRUE }, first[] = { TRUE, FALSE }, second[] = { FALSE, TRUE },
                 none[] = { FALSE, FALSE };

  g_assert_cmphex (pf_port_map_effective_mask (nine, 0x3fff, both), ==, 0x3fff);
  g_assert_cmphex (pf_port_map_effective_mask (nine, 0xffffffff, both), ==, 0x3fff);
  g_assert_cmphex (pf_port_map_effective_mask (nine, 0x7fff, both), ==, 0x3fff);
  g_assert_cmphex (pf_port_map_effective_mask (nine, 0x0f3f, both), ==, 0x0f3f);
  g_assert_cmphex (pf_port_map_effective_mask (nine, 0x0000, both), ==, 0x0000);
  g_assert_cmphex (pf_port_map_effective_mask (nine, 0xffffffff, first), ==, 0x00ff);
  g_assert_cmphex (pf_port_map_effective_mask (nine, 0xffffffff, second), ==, 0x3f00);
  g_assert_cmphex (pf_port_map_effective_mask (nine, 0xffffffff, none), ==, 0x0000);
  g_assert_cmphex (pf_port_map_effective_mask (seven, 0xffffffff, both), ==, 0x000f);
  g_assert_cmphex (pf_port_map_effective_mask (seven, 0xffffffff, second), ==, 0x0000);
  g_assert_cmphex (pf_port_map_effective_mask (mobile, 0x01ff, first), ==, 0x00ff);
  g_assert_cmphex (pf_port_map_effective_mask (broadwell, 0x04ff, first), ==, 0x00ff);
  g_assert_cmphex (pf_port_map_effective_mask (broadwell, 0x04ff, none), ==, 0x0000);
}

/* Also where a table allows too much, the internal port stays out. */
static void
test_usbr_is_never_in_the_mask (void)
{
  PfChipset chipset = *get_chipset (0x8cb1);
  const gboolean both[] = { TRUE, TRUE };

  chipset.mask_max = 0xffffffff;
  g_assert_cmphex (pf_port_map_effective_mask (&chipset, 0xffffffff, both), ==, 0x3fff);
  chipset.usbr_bit = 5;
  g_assert_cmphex (pf_port_map_effective_mask (&chipset, 0xffffffff, both), ==, 0x3fdf);
}

static void
test_combine_preserves (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  g_assert_cmphex (pf_port_map_combine (0x7fff, 0x0000, 0x3fff), ==, 0x4000);
  g_assert_cmphex (pf_port_map_combine (0xa5004000, 0xffffffff, 0x3fff), ==, 0xa5007fff);
  g_assert_cmphex (pf_port_map_combine (0xa5007fff, 0x00ff, 0x3fff), ==, 0xa50040ff);
  for (guint i = 0; i < 10000; i++)
    {
      guint32 current = g_rand_int (random), wanted = g_rand_int (random), mask = g_rand_int (random);
      guint32 value = pf_port_map_combine (current, wanted, mask);

      g_assert_cmphex (value & mask, ==, wanted & mask);
      g_assert_cmphex (value & ~mask, ==, current & ~mask);
    }
}

/* Switches a board to a profile and says what the register is then. */
static guint32
switch_to (PfTestBoard *board, const char *controllers, const char *ports, const char *side)
{
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", controllers, ports);

  g_assert_true (pf_profile_set_side (profile, side, NULL));
  pf_test_plan_switch (board, profile);
  return board->registers[0];
}

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"

/* The masks that the HOWTO works out by hand. */
static void
test_howto_masks (void)
{
  g_autoptr (PfTestBoard) second = pf_test_board_new_z97 ();
  g_autoptr (PfTestBoard) ehcis = pf_test_board_new_z97 ();
  g_autoptr (PfTestBoard) xhci = pf_test_board_new_z97 ();

  g_assert_cmphex (switch_to (second, EHCI2, "ehci2", "auto"), ==, 0x00ff);
  g_assert_cmphex (switch_to (ehcis, EHCI1 " " EHCI2, "all", "auto"), ==, 0x0000);
  xhci->registers[0] = 0x1234;
  g_assert_cmphex (switch_to (xhci, XHCI, "all", "auto"), ==, 0x3fff);
}

/* The same masks where no controller is lent by us, as libvirt's managed='yes' wants it: the side is named
 * instead. */
static void
test_howto_masks_by_side (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  g_assert_cmphex (switch_to (board, "", "ehci2", "ehci"), ==, 0x00ff);
  g_assert_cmphex (switch_to (board, "", "all", "ehci"), ==, 0x0000);
  g_assert_cmphex (switch_to (board, "", "all", "xhci"), ==, 0x3fff);
}

/* A profile means the same mask wherever the switch comes from. */
static void
test_mask_is_the_same_from_anywhere (void)
{
  for (guint32 start = 0; start <= 0x3fff; start += 0x1b7)
    {
      g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

      board->registers[0] = start;
      g_assert_cmphex (switch_to (board, EHCI2, "ehci2", "auto"), ==, 0x00ff);
    }
}

static void
test_single_ports (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  g_assert_cmphex (switch_to (board, EHCI2, "ehci2/3", "auto"), ==, 0x3bff);
  g_assert_cmphex (switch_to (board, EHCI2, "ehci2/1 ehci2/6", "auto"), ==, 0x1eff);
  g_assert_cmphex (switch_to (board, EHCI1 " " EHCI2, "ehci1/1 ehci2/1", "auto"), ==, 0x3efe);
}

/* With the xHCI at the guest, the host's ports are on the EHCIs. */
static void
test_xhci_lent (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  g_assert_cmphex (switch_to (board, XHCI, "ehci2/3", "auto"), ==, 0x0400);
  g_assert_cmphex (switch_to (board, XHCI, "", "auto"), ==, 0x0000);
}

/* The second hub begins at bit 8, however few ports the first has. */
static void
test_small_sku (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_h81 ();
  g_autoptr (PfBoard) as_read = pf_test_board_read (board);
  const PfRouter *router = as_read->routers->pdata[0];

  g_assert_cmphex (router->existing, ==, 0x0f3f);
  g_assert_cmphex (router->mask, ==, 0x0f3f);
  g_assert_cmphex (switch_to (board, EHCI2, "ehci2/1", "auto"), ==, 0x0eff);
  g_assert_cmphex (switch_to (board, EHCI2, "ehci2", "auto"), ==, 0x00ff);
  g_assert_cmphex (switch_to (board, EHCI1 " " EHCI2, "all", "auto"), ==, 0x00c0);
}

/* A profile for ports that a small SKU lacks is refused when it is made. */
static void
test_missing_ports (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_h81 ();
  g_autoptr (PfBoard) as_read = pf_test_board_read (board);
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  static const char *const names[] = { "ehci1/7", "ehci2/5", "bit/7", "0x0fff", NULL };

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *const one[] = { names[i], NULL };
      g_autoptr (GError) error = NULL;

      g_assert_false (pf_profile_set_ports (profile, as_read, one, &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "0x0f3f"));
      g_assert_true (pf_port_set_is_empty (&profile->ports));
    }
}

/* X99 board: the internal port and reserved bits are set, and the firmware would let the former change. */
static void
test_other_bits_stay (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_x99 ();
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  g_assert_cmphex (switch_to (board, EHCI1 " " EHCI2, "all", "auto"), ==, 0xa5004000);
  g_assert_cmphex (switch_to (board, EHCI2, "ehci2", "auto"), ==, 0xa50040ff);
  pf_test_plan_switch (board, home);
  g_assert_cmphex (board->registers[0], ==, 0xa5007fff);
}

/* The 7 series: the rest of the ports is on the EHCIs for ever. */
static void
test_seven_series (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_seven ();

  g_assert_cmphex (switch_to (board, EHCI1, "all", "auto"), ==, 0x0000);
  g_assert_cmphex (switch_to (board, EHCI1, "ehci1/2", "auto"), ==, 0x000d);
}

/* A port that the firmware holds fast can be given to whom it is with, and to nobody else. */
static void
test_immovable_ports (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  board->registers[0] = 0x3fdf;
  board->registers[1] = 0x3f0f;
  g_assert_cmphex (switch_to (board, EHCI1, "ehci1/1 ehci1/6", "auto"), ==, 0x3fde);
  profile = pf_test_plan_make_profile (board, "other", EHCI1, "ehci1/5");
  g_assert_null (pf_test_plan_compute (board, profile, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_PROFILE);
  g_assert_nonnull (strstr (error->message, "ehci1/5"));
  g_assert_nonnull (strstr (error->message, "firmware"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/port-map/names-and-bits", test_names_and_bits);
  g_test_add_func ("/model/port-map/sets", test_sets);
  g_test_add_func ("/model/port-map/bad-names", test_bad_names);
  g_test_add_func ("/model/port-map/names-round-trip", test_names_round_trip);
  g_test_add_func ("/model/port-map/xhci-ports/h", test_xhci_ports_h);
  g_test_add_func ("/model/port-map/xhci-ports/in-order", test_xhci_ports_in_order);
  g_test_add_func ("/model/port-map/ehci-ports", test_ehci_ports);
  g_test_add_func ("/model/port-map/effective-mask", test_effective_mask);
  g_test_add_func ("/model/port-map/usbr", test_usbr_is_never_in_the_mask);
  g_test_add_func ("/model/port-map/combine", test_combine_preserves);
  g_test_add_func ("/model/port-map/howto/lent", test_howto_masks);
  g_test_add_func ("/model/port-map/howto/by-side", test_howto_masks_by_side);
  g_test_add_func ("/model/port-map/same-from-anywhere", test_mask_is_the_same_from_anywhere);
  g_test_add_func ("/model/port-map/single-ports", test_single_ports);
  g_test_add_func ("/model/port-map/xhci-lent", test_xhci_lent);
  g_test_add_func ("/model/port-map/small-sku", test_small_sku);
  g_test_add_func ("/model/port-map/missing-ports", test_missing_ports);
  g_test_add_func ("/model/port-map/other-bits", test_other_bits_stay);
  g_test_add_func ("/model/port-map/seven-series", test_seven_series);
  g_test_add_func ("/model/port-map/immovable", test_immovable_ports);
  return g_test_run ();
}
