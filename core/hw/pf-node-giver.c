/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Gives the nodes of a group, /dev/vfio/GROUP and the /dev/vfio/devices/vfioN of its functions, to whom a
 * step names. */

#include "pf-node-giver.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "pf-device-node.h"
#include "pf-error.h"

static gboolean
node_is (const struct stat *status, const PfNode *node)
{
  return status->st_uid == node->uid && status->st_gid == node->gid && (status->st_mode & 0777) == node->mode;
}

/* Returns an errno, or 0. */
static int
change_node (int descriptor, const PfNode *node)
{
  g_autofree char *self = g_strdup_printf ("/proc/self/fd/%d", descriptor);

  if (fchownat (descriptor, "", node->uid, node->gid, AT_EMPTY_PATH) != 0)
    return errno;
  return chmod (self, node->mode) == 0 ? 0 : errno;
}

/* @number: (nullable): the device number that the node has to have */
static gboolean
give_open (int descriptor, const char *path, const PfNode *node, const dev_t *number, GError **error)
{
  struct stat status;
  int failed;

  if (fstat (descriptor, &status) != 0 || (number != NULL && !pf_device_node_is (&status, *number)))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED,
                   "/dev/%s is not the device that the kernel made for it, and was left alone.", path);
      return FALSE;
    }
  if (node_is (&status, node))
    return TRUE;
  failed = change_node (descriptor, node);
  if (failed != 0)
    {
      pf_tree_set_error (error, failed, TRUE, PF_TREE_DEV, path);
      return FALSE;
    }
  if (fstat (descriptor, &status) == 0 && node_is (&status, node))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED, "/dev/%s did not take its new owner.", path);
  return FALSE;
}

/* O_PATH: opening the node would take the group. */
static gboolean
give_path (PfTree *tree, const char *path, const PfNode *node, const dev_t *number, GError **error)
{
  int descriptor = pf_tree_open (tree, PF_TREE_DEV, path, O_PATH | O_NOFOLLOW, error);
  gboolean given = descriptor >= 0 && give_open (descriptor, path, node, number, error);

  if (descriptor >= 0)
    close (descriptor);
  return given;
}

/* Adds to @any whether there is a node. */
static gboolean
give_device (PfTree *tree, const char *address, const PfNode *node, gboolean *any, GError **error)
{
  dev_t number;
  g_autofree char *path = pf_device_node_find (tree, address, &number);

  if (path == NULL)
    return TRUE;
  *any = TRUE;
  return give_path (tree, path, node, &number, error);
}

static gboolean
give_devices (PfTree *tree, const PfStep *step, gboolean *any, GError **error)
{
  for (guint i = 0; i < step->devices->len; i++)
    {
      const PfNodeChange *change = step->devices->pdata[i];

      if (!give_device (tree, change->address, &change->to, any, error))
        return FALSE;
    }
  for (guint i = 0; step->lends && i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];

      if (pf_step_find_device (step, move->address) == NULL
          && !give_device (tree, move->address, &step->node, any, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pf_node_giver_give:
 * @tree: the kernel
 * @step: of kind PF_STEP_BIND, after its functions are settled, or PF_STEP_NODE; only where it leads to
 * matters
 * @error: PF_ERROR_VERIFY_FAILED, PF_ERROR_WRITE_FAILED ...
 *
 * Gives the group's node to its user, and those of its functions, where the kernel makes them. After a return
 * there are none, unless others have lent a part of the group; neither are there any more where somebody has
 * brought the group home meanwhile.
 *
 * Returns: whether they are his, and read back so, or there are none
 */
gboolean
pf_node_giver_give (PfTree *tree, const PfStep *step, GError **error)
{
  g_autofree char *path = g_strdup_printf ("vfio/%d", step->group);
  gboolean any = FALSE;
  struct stat status;

  if (!give_devices (tree, step, &any, error))
    return FALSE;
  if (pf_tree_stat (tree, PF_TREE_DEV, path, &status))
    return give_path (tree, path, &step->node, NULL, error);
  /* A kernel may have nodes of functions only. */
  if (any || !step->lends)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED, "The kernel made no /dev/%s.", path);
  return FALSE;
}
