/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-uses.h"

static const PfTestFunction functions[] = {
  { XHCI, { 0x8086, 0xa12f, 0, 0 }, 0x0c0330, "xhci_hcd", 4, 0 },
  { ROOT "/0000:00:17.0", { 0x8086, 0xa102, 0, 0 }, 0x010601, "ahci", 4, 0 },
  { ROOT "/0000:00:02.0", { 0x8086, 0x1912, 0, 0 }, 0x030000, "i915", 4, 0 },
  { ROOT "/0000:00:1f.3", { 0x8086, 0xa170, 0, 0 }, 0x040300, "snd_hda_intel", 4, 0 },
  { ROOT "/0000:00:1f.6", { 0x8086, 0x15b8, 0, 0 }, 0x020000, "e1000e", 4, 0 },
  { ROOT "/0000:00:1d.0", { 0x8086, 0xa118, 0, 0 }, 0x060400, "pcieport", 7, 1 },
  { ELSEWHERE, { 0x144d, 0xa804, 0, 0 }, 0x010802, "nvme", 8, 0 },
};

PfTestTree *
pf_test_uses_make_tree (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    pf_test_tree_add_function (tree, &functions[i]);
  pf_test_tree_add_usb (tree, XHCI "/usb3", "speed=480;maxchild=16;busnum=3");
  pf_test_tree_add_usb (tree, STICK,
                        "idVendor=0781;idProduct=5567;product=Cruzer Blade;speed=480;dev=189:257;"
                        "busnum=3;devnum=2");
  return tree;
}

/* A directory below sys/devices, and the link of its class. */
void
pf_test_uses_add_class (const PfTestTree *tree, const char *class, const char *place)
{
  g_autofree char *name = g_path_get_basename (place);
  g_autofree char *link = g_strdup_printf ("sys/class/%s/%s", class, name);
  g_autofree char *target = g_strdup_printf ("../../devices/%s", place);
  g_autofree char *directory = g_strdup_printf ("sys/devices/%s", place);

  pf_test_tree_make_directory (tree, directory);
  pf_test_tree_link (tree, link, target);
}

void
pf_test_uses_add_block (const PfTestTree *tree, const char *place, const char *number)
{
  g_autofree char *holders = g_strdup_printf ("sys/devices/%s/holders", place);
  g_autofree char *link = g_strdup_printf ("sys/dev/block/%s", number);
  g_autofree char *target = g_strdup_printf ("../../devices/%s", place);

  pf_test_uses_add_class (tree, "block", place);
  pf_test_tree_make_directory (tree, holders);
  pf_test_tree_link (tree, link, target);
}

/* "dm-0" takes a part of what is at @place. */
void
pf_test_uses_add_holder (const PfTestTree *tree, const char *place, const char *holder)
{
  g_autofree char *path = g_strdup_printf ("sys/devices/%s/holders/%s", place, holder);

  pf_test_tree_make_directory (tree, path);
}

void
pf_test_uses_set (const PfTestTree *tree, const char *place, const char *attribute, const char *text)
{
  g_autofree char *path = g_strdup_printf ("sys/devices/%s/%s", place, attribute);

  pf_test_tree_write (tree, path, text);
}

/* "KIND ADDRESS USB WHAT WHERE", a line for each use. */
char *
pf_test_uses_describe (const PfBoard *board)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < board->uses->len; i++)
    {
      const PfUse *use = g_ptr_array_index (board->uses, i);

      g_string_append_printf (text, "%s %s %s %s: %s\n", pf_use_kind_to_string (use->kind),
                              use->place.address, use->place.usb != NULL ? use->place.usb : "-", use->what,
                              use->where);
    }
  return g_string_free (text, FALSE);
}

void
pf_test_uses_assert_uses (const PfTestTree *tree, const char *expected)
{
  g_autoptr (PfBoard) board = pf_test_tree_scan (tree);
  g_autofree char *text = pf_test_uses_describe (board);

  g_assert_cmpstr (text, ==, expected);
}

void
pf_test_uses_open_node (const PfTestTree *tree, const char *process, const char *name, const char *node)
{
  g_autofree char *comm = g_strdup_printf ("proc/%s/comm", process);
  g_autofree char *link = g_strdup_printf ("proc/%s/fd/7", process);
  g_autofree char *target = g_strdup_printf ("../../../dev/%s", node);

  pf_test_tree_write (tree, comm, name);
  pf_test_tree_link (tree, link, target);
}
