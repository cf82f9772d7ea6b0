/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be known of those who lend beside us: see core/model/pf-lender.h. */

#include "pf-scan-lender.h"

#include "pf-text.h"

#define MODPROBE "modprobe.d"
#define DRIVERCTL "driverctl.d"
#define MAX_FILES 256
#define MAX_FILE (64 * 1024)

/* Returns: (transfer full) (nullable) */
static char *
read_file (PfTree *tree, const char *path)
{
  g_autofree char *buffer = g_malloc (MAX_FILE);
  gssize count = pf_tree_read_bytes (tree, PF_TREE_ETC, path, 0, buffer, MAX_FILE);

  return count >= 0 ? pf_text_clean (buffer, (gsize) count) : NULL;
}

/* modprobe.d(5): only files that end in ".conf" count. */
static void
read_options (PfTree *tree, PfLenderFacts *facts)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_ETC, MODPROBE);

  for (guint i = 0; i < names->len && i < MAX_FILES; i++)
    {
      g_autofree char *path = g_strdup_printf (MODPROBE "/%s", (const char *) names->pdata[i]);
      g_autofree char *shown = g_strconcat ("/etc/", path, NULL);
      g_autofree char *text = g_str_has_suffix (path, ".conf") ? read_file (tree, path) : NULL;

      if (text != NULL)
        pf_lender_facts_add_options (facts, shown, text);
    }
}

/* driverctl keeps a file for each function that it shall give a driver at boot: its name is the address, and
 * the driver is in it (save_override() in driverctl). */
static void
read_driverctl (PfTree *tree, PfLenderFacts *facts, const char *address)
{
  g_autofree char *path = g_strdup_printf (DRIVERCTL "/%s", address);
  g_autofree char *text = read_file (tree, path);

  if (text != NULL)
    pf_lender_facts_add_driverctl (facts, address, text);
}

/**
 * pf_scan_lenders:
 * @tree: the kernel
 * @board: a board, with its loans
 *
 * Reads what there is to know of who has lent what others have lent; nothing where they have not. The kernel
 * does not show the ids that vfio-pci was loaded with (module_param_string(ids, ..., 0) in
 * drivers/vfio/pci/vfio_pci.c); so what the command line and modprobe tell it is read as well.
 */
void
pf_scan_lenders (PfTree *tree, PfBoard *board)
{
  PfLenderFacts *facts = board->lenders;
  gboolean any = FALSE;

  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = board->functions->pdata[i];

      if (!pf_function_is_lent_by_others (board, function))
        continue;
      any = TRUE;
      if (function->is_pci)
        read_driverctl (tree, facts, function->address);
    }
  if (!any)
    return;
  facts->cmdline = pf_tree_read_text (tree, PF_TREE_PROC, "cmdline");
  facts->module_ids = pf_tree_read_text (tree, PF_TREE_SYS, "module/vfio_pci/parameters/ids");
  read_options (tree, facts);
}
