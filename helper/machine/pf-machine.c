/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-machine.h"

#include <sys/statvfs.h>

#include "pf-error.h"
#include "pf-file.h"
#include "pf-scan-taken.h"
#include "pf-scan.h"

/* How long a helper that is leaving may take. */
#define PATIENCE_MS 2000
#define MAX_CHIPSETS_SIZE 262144

struct _PfMachine
{
  const PfRoots *roots;
  PfTree *tree;
  PfChipsetTable *chipsets;
  PfNames *names;
  PfLedger *ledger;
  PfJournalFile *journal;
  PfConfirmed *confirmed;
  PfBoard *board;
  GError *problem;
};

static gboolean
add_chipsets (PfChipsetTable *chipsets, const char *path, GError **error)
{
  g_autofree char *data = NULL;
  gsize length;

  if (!pf_file_read (path, MAX_CHIPSETS_SIZE, &data, &length, error))
    return FALSE;
  if (data == NULL || pf_chipset_table_add (chipsets, data, length, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Additions by the administrator: each *.conf in /etc/portferry/chipsets.d, in the order of their names. One
 * that is wrong is left out and named in the log; the rest still counts. */
static void
add_local_chipsets (PfChipsetTable *chipsets, const char *config)
{
  g_autofree char *folder = g_build_filename (config, "chipsets.d", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".conf") && *name != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      g_autoptr (GError) error = NULL;

      if (!add_chipsets (chipsets, path, &error))
        g_message ("%s", error->message);
    }
}

/* Bindings belong to the boot, and a journal of them does. */
static gboolean
open_journal (PfMachine *machine, GError **error)
{
  g_autofree char *boot = pf_tree_read_text (machine->tree, PF_TREE_PROC, "sys/kernel/random/boot_id");

  machine->journal
      = pf_journal_file_new (machine->roots->runtime, boot != NULL ? boot : "unknown", PATIENCE_MS, error);
  if (machine->journal == NULL)
    return FALSE;
  pf_tree_set_witness (machine->tree, pf_journal_file_get_witness (machine->journal));
  pf_tree_set_deadline (machine->tree, machine->roots->write_deadline);
  return TRUE;
}

/**
 * pf_machine_new:
 * @roots: where everything is; has to outlive the machine
 * @error: PF_ERROR_FAILED when there is no kernel to speak of, or the shipped chipset table is broken;
 * PF_ERROR_BUSY when another helper works on it
 *
 * Returns: (transfer full): the machine, not read yet; NULL on failure
 */
PfMachine *
pf_machine_new (const PfRoots *roots, GError **error)
{
  g_autoptr (PfMachine) machine = g_new0 (PfMachine, 1);

  machine->roots = roots;
  machine->ledger = pf_ledger_new (roots->runtime);
  machine->confirmed = pf_confirmed_new (roots->state);
  machine->board = pf_board_new ();
  machine->names = pf_names_new ();
  machine->chipsets = pf_chipset_table_new ();
  machine->tree = pf_tree_new (roots->sys, roots->dev, roots->proc, error);
  if (machine->tree != NULL && roots->udev != NULL)
    pf_tree_set_udev (machine->tree, roots->udev);
  if (machine->tree != NULL && roots->etc != NULL)
    pf_tree_set_etc (machine->tree, roots->etc);
  for (guint i = 0; machine->tree != NULL && i < PF_TREE_N_MODPROBE; i++)
    if (roots->modprobe[i] != NULL)
      pf_tree_set_modprobe (machine->tree, i, roots->modprobe[i]);
  if (machine->tree == NULL || !add_chipsets (machine->chipsets, roots->chipsets, error)
      || !open_journal (machine, error))
    return NULL;
  add_local_chipsets (machine->chipsets, roots->config);
  if (!pf_ledger_load (machine->ledger, &machine->problem))
    g_message ("%s", machine->problem->message);
  return g_steal_pointer (&machine);
}

/**
 * pf_machine_free:
 * @machine: (transfer full): a machine
 */
void
pf_machine_free (PfMachine *machine)
{
  g_clear_pointer (&machine->tree, pf_tree_unref);
  g_clear_pointer (&machine->journal, pf_journal_file_free);
  pf_chipset_table_free (machine->chipsets);
  pf_names_free (machine->names);
  pf_ledger_free (machine->ledger);
  pf_confirmed_free (machine->confirmed);
  pf_board_free (machine->board);
  g_clear_error (&machine->problem);
  g_free (machine);
}

/**
 * pf_machine_scan:
 * @machine: a machine
 * @error: what pf_scan() says
 *
 * Reads the machine afresh.
 *
 * Returns: whether it was read; on failure the board is the one before
 */
gboolean
pf_machine_scan (PfMachine *machine, GError **error)
{
  g_autoptr (PfLoans) loans = pf_ledger_copy (machine->ledger);
  PfBoard *board = pf_scan (machine->tree, machine->chipsets, machine->names, loans, error);

  if (board == NULL)
    return FALSE;
  pf_board_free (machine->board);
  machine->board = board;
  return TRUE;
}

/**
 * pf_machine_look_closer:
 * @machine: a machine, freshly read
 * @plan: what somebody means to do
 *
 * Looks closer at what @plan takes away, before anybody objects to it. Takes two seconds at most.
 */
void
pf_machine_look_closer (PfMachine *machine, const PfPlan *plan)
{
  pf_scan_taken (machine->tree, machine->board, plan);
}

/**
 * pf_machine_check_writable:
 * @machine: a machine
 * @error: PF_ERROR_READ_ONLY
 *
 * Returns: whether the kernel can be told anything at all: a saved copy of /sys cannot
 */
gboolean
pf_machine_check_writable (const PfMachine *machine, GError **error)
{
  struct statvfs status;

  if (statvfs (machine->roots->sys, &status) < 0 || (status.f_flag & ST_RDONLY) == 0)
    return TRUE;
  g_set_error_literal (
      error, PF_ERROR, PF_ERROR_READ_ONLY,
      "Nothing can be moved here: this board is a saved copy, or /sys is mounted read-only.");
  return FALSE;
}

/**
 * pf_machine_get_board:
 * @machine: a machine
 *
 * Returns: (transfer none): the board as it was last read; good until the next scan
 */
const PfBoard *
pf_machine_get_board (const PfMachine *machine)
{
  return machine->board;
}

/**
 * pf_machine_get_ledger:
 * @machine: a machine
 *
 * Returns: (transfer none): what is lent
 */
PfLedger *
pf_machine_get_ledger (const PfMachine *machine)
{
  return machine->ledger;
}

/**
 * pf_machine_get_confirmed:
 * @machine: a machine
 *
 * Returns: (transfer none): what was confirmed on it
 */
PfConfirmed *
pf_machine_get_confirmed (const PfMachine *machine)
{
  return machine->confirmed;
}

/**
 * pf_machine_get_tree:
 * @machine: a machine
 *
 * Returns: (transfer none): its kernel
 */
PfTree *
pf_machine_get_tree (const PfMachine *machine)
{
  return machine->tree;
}

/**
 * pf_machine_get_chipsets:
 * @machine: a machine
 *
 * Returns: (transfer none): what is known of chipsets
 */
const PfChipsetTable *
pf_machine_get_chipsets (const PfMachine *machine)
{
  return machine->chipsets;
}

/**
 * pf_machine_get_journal:
 * @machine: a machine
 *
 * Returns: (transfer none): the file in which a switch under way is recorded
 */
PfJournalFile *
pf_machine_get_journal (const PfMachine *machine)
{
  return machine->journal;
}

/**
 * pf_machine_get_pending:
 * @machine: a machine
 *
 * Returns: (transfer none): what its kernel has not answered yet
 */
PfPending *
pf_machine_get_pending (const PfMachine *machine)
{
  return pf_tree_get_pending (machine->tree);
}

/**
 * pf_machine_get_problem:
 * @machine: a machine
 *
 * Returns: (transfer none) (nullable): why it is not known what was lent before this start
 */
const GError *
pf_machine_get_problem (const PfMachine *machine)
{
  return machine->problem;
}

/**
 * pf_machine_create_executor:
 * @machine: a machine
 *
 * Returns: (transfer full): what carries plans out on this machine, and keeps the ledger
 */
PfExecutor *
pf_machine_create_executor (PfMachine *machine)
{
  PfExecutor *executor = pf_executor_new (machine->tree, pf_ledger_record_step, machine->ledger);

  pf_executor_set_module_loader (executor, machine->roots->load_module, machine->roots->load_module_data);
  return executor;
}
