/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be known of those who lend beside us: see core/model/pf-lender.h. */

#include "pf-scan-lender.h"

#include "pf-text.h"

#define DRIVERCTL "driverctl.d"
#define MAX_FILES 256 /* of modprobe, in all of its folders */
#define MAX_FILE (64 * 1024)

/* modprobe's folders, in the order in which they count: modprobe.d(5). */
static const struct
{
  PfTreeRoot root;
  const char *folder; /* in that */
  const char *shown;
} folders[] = {
  { PF_TREE_ETC, "modprobe.d", "/etc/modprobe.d" },
  { PF_TREE_MODPROBE_RUN, ".", "/run/modprobe.d" },
  { PF_TREE_MODPROBE_LOCAL, ".", "/usr/local/lib/modprobe.d" },
  { PF_TREE_MODPROBE_USR, ".", "/usr/lib/modprobe.d" },
  { PF_TREE_MODPROBE_LIB, ".", "/lib/modprobe.d" },
};

/* Returns: (transfer full) (nullable) */
static char *
read_file (PfTree *tree, PfTreeRoot root, const char *path)
{
  g_autofree char *buffer = g_malloc (MAX_FILE);
  gssize count = pf_tree_read_bytes (tree, root, path, 0, buffer, MAX_FILE);

  return count >= 0 ? pf_text_clean (buffer, (gsize) count) : NULL;
}

/* Only files that end in ".conf" count, and of those with the same name the first: so /lib and /usr/lib may be one. */
static void
read_folder (PfTree *tree, PfLenderFacts *facts, guint number, GHashTable *known)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, folders[number].root, folders[number].folder);

  for (guint i = 0; i < names->len && g_hash_table_size (known) < MAX_FILES; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *path = g_build_filename (folders[number].folder, name, NULL);
      g_autofree char *shown = g_build_filename (folders[number].shown, name, NULL);
      g_autofree char *text = NULL;

      if (!g_str_has_suffix (name, ".conf") || !g_hash_table_add (known, g_strdup (name)))
        continue;
      text = read_file (tree, folders[number].root, path);
      if (text != NULL)
        pf_lender_facts_add_options (facts, shown, text);
    }
}

static void
read_options (PfTree *tree, PfLenderFacts *facts)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    read_folder (tree, facts, i, known);
}

/* driverctl keeps a file for each function that it shall give a driver at boot: its name is the address, and
 * the driver is in it (save_override() in driverctl). */
static void
read_driverctl (PfTree *tree, PfLenderFacts *facts, const char *address)
{
  g_autofree char *path = g_strdup_printf (DRIVERCTL "/%s", address);
  g_autofree char *text = read_file (tree, PF_TREE_ETC, path);

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
