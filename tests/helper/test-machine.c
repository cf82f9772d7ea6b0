/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the helper reads at its start: the chipset table with the administrator's additions, and what was
 * lent. */
#include <string.h>

#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-machine.h"
#include "pf-test-folder.h"

#define SHIPPED "[chipset 8086:8cb1]\n" CHIPSET
#define ADDED "[chipset 8086:ffff]\n" CHIPSET
#define CHIPSET                                                                                              \
  "name=Test\nrequire_bdf=0000:00:14.0\nehci1=8086:8ca6@0000:00:1d.0\nehci2=8086:8cad@0000:00:1a.0\n"        \
  "usbr_bit=14\nmask_max=0x00003fff\nss_mask_max=0x0000003f\nehci1_bits=0;1;2;3;4;5;6;7\n"                   \
  "ehci2_bits=8;9;10;11;12;13\nxhci_hs_bits=0;1;2;3;8;9;10;11;4;5;12;13;6;7;14\nss_bits=0;1;2;3;4;5\n"

typedef struct
{
  char *folder;
  char *sys;
  char *chipsets;
  PfRoots roots;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = pf_test_folder_new ();
  pf_test_folder_write (fixture->folder, "sys/bus/pci/devices/none", "");
  pf_test_folder_write (fixture->folder, "chipsets.conf", SHIPPED);
  fixture->sys = g_build_filename (fixture->folder, "sys", NULL);
  fixture->chipsets = g_build_filename (fixture->folder, "chipsets.conf", NULL);
  fixture->roots = (PfRoots){ .sys = fixture->sys,
                              .dev = fixture->sys,
                              .proc = fixture->sys,
                              .config = fixture->folder,
                              .runtime = fixture->folder,
                              .chipsets = fixture->chipsets };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->sys);
  g_free (fixture->chipsets);
  pf_test_folder_remove (fixture->folder);
}

static PfMachine *
create_machine (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PfMachine *machine = pf_machine_new (&fixture->roots, &error);

  g_assert_no_error (error);
  return machine;
}

static void
check_added (Fixture *fixture, gboolean expected)
{
  g_autoptr (PfMachine) machine = create_machine (fixture);
  const PfChipsetTable *table = pf_machine_get_chipsets (machine);

  g_assert_nonnull (pf_chipset_table_lookup (table, 0x8086, 0x8cb1));
  g_assert_cmpint (pf_chipset_table_lookup (table, 0x8086, 0xffff) != NULL, ==, expected);
}

static void
test_additions (Fixture *fixture, gconstpointer data)
{
  check_added (fixture, FALSE);
  pf_test_folder_write (fixture->folder, "chipsets.d/mine.conf", ADDED);
  check_added (fixture, TRUE);
}

/* What lets a register be written must not come from anybody but the administrator. */
static void
test_writable_additions (Fixture *fixture, gconstpointer data)
{
  static const mode_t modes[] = { 0664, 0646, 0666 };
  g_autofree char *path = g_build_filename (fixture->folder, "chipsets.d", "mine.conf", NULL);

  pf_test_folder_write (fixture->folder, "chipsets.d/mine.conf", ADDED);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_cmpint (g_chmod (path, modes[i]), ==, 0);
      check_added (fixture, FALSE);
    }
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  check_added (fixture, TRUE);
}

static void
test_bad_additions (Fixture *fixture, gconstpointer data)
{
  pf_test_folder_write (fixture->folder, "chipsets.d/a.conf", "[chipset 8086:ffff]\nmask_max=everything\n");
  pf_test_folder_write (fixture->folder, "chipsets.d/b.txt", ADDED);
  check_added (fixture, FALSE);
  pf_test_folder_write (fixture->folder, "chipsets.d/c.conf", ADDED);
  check_added (fixture, TRUE);
}

/* Without the shipped table it is not known what may be written: nothing is started then. */
static void
test_broken_table (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  pf_test_folder_write (fixture->folder, "chipsets.conf", "[chipset\n");
  g_assert_null (pf_machine_new (&fixture->roots, &error));
  g_assert_cmpint (error->domain, ==, PF_ERROR);
}

static void
test_unreadable_loans (Fixture *fixture, gconstpointer data)
{
  static const char *const words[] = { "loans.bad", "lent by others", "portferryctl take-home ADDRESS", "restart the computer" };
  g_autoptr (PfMachine) first = NULL;
  g_autoptr (PfMachine) second = NULL;
  g_autofree char *kept = NULL;

  pf_test_folder_write (fixture->folder, "loans", "nonsense\n");
  first = create_machine (fixture);
  g_assert_nonnull (pf_machine_get_problem (first));
  /* It says what that means, and what to do. */
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_nonnull (strstr (pf_machine_get_problem (first)->message, words[i]));
  g_assert_true (pf_ledger_is_home (pf_machine_get_ledger (first)));
  /* It is kept for people to look at, and does not get in the way again. */
  kept = pf_test_folder_read (fixture->folder, "loans.bad");
  g_assert_cmpstr (kept, ==, "nonsense\n");
  g_clear_pointer (&first, pf_machine_free);
  second = create_machine (fixture);
  g_assert_null (pf_machine_get_problem (second));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/machine/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("additions", test_additions);
  ADD ("writable-additions", test_writable_additions);
  ADD ("bad-additions", test_bad_additions);
  ADD ("broken-table", test_broken_table);
  ADD ("unreadable-loans", test_unreadable_loans);
  return g_test_run ();
}
