/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-node.h"

#include <string.h>

static PfFakeNode *
create_node (mode_t mode, const char *name)
{
  static guint64 last_number = 0;
  PfFakeNode *node = g_new0 (PfFakeNode, 1);

  g_ref_count_init (&node->references);
  node->number = ++last_number;
  node->mode = mode;
  node->name = g_strdup (name);
  if (S_ISDIR (mode))
    {
      node->children = g_ptr_array_new ();
      node->by_name = g_hash_table_new (g_str_hash, g_str_equal);
    }
  return node;
}

/**
 * pf_fake_node_new_root:
 *
 * Returns: (transfer full): an empty folder with no parent
 */
PfFakeNode *
pf_fake_node_new_root (void)
{
  PfFakeNode *root = create_node (S_IFDIR | 0755, "");

  root->stable = TRUE;
  return root;
}

PfFakeNode *
pf_fake_node_ref (PfFakeNode *node)
{
  g_ref_count_inc (&node->references);
  return node;
}

void
pf_fake_node_unref (PfFakeNode *node)
{
  if (!g_ref_count_dec (&node->references))
    return;
  while (node->children != NULL && node->children->len > 0)
    pf_fake_node_remove (g_ptr_array_index (node->children, node->children->len - 1));
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_clear_pointer (&node->by_name, g_hash_table_unref);
  g_free (node->text);
  g_free (node->twice);
  g_free (node->name);
  g_free (node);
}

/* A board can say a thing twice in more ways than there are checks for. The second one is there under another
 * name, so that whoever made it can remove it, and the root knows. */
static void
rename_twin (PfFakeNode *parent, PfFakeNode *node)
{
  PfFakeNode *root = parent;
  g_autofree char *folder = pf_fake_node_get_path (parent);
  g_autofree char *name = g_steal_pointer (&node->name);

  while (root->parent != NULL)
    root = root->parent;
  if (root->twice == NULL)
    root->twice = g_strdup_printf ("%s/%s", folder, name);
  node->name = g_strdup_printf ("%s (%" G_GUINT64_FORMAT ")", name, node->number);
}

static PfFakeNode *
adopt_node (PfFakeNode *parent, PfFakeNode *node)
{
  g_assert (parent->children != NULL && !parent->removed);
  if (g_hash_table_contains (parent->by_name, node->name))
    rename_twin (parent, node);
  node->parent = parent;
  g_ptr_array_add (parent->children, node);
  g_hash_table_insert (parent->by_name, node->name, node);
  return node;
}

/* Makes the folders that lead to @path and returns the last one; *@name is the part after it. */
static PfFakeNode *
make_way (PfFakeNode *parent, const char *path, const char **name)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *folder = NULL;

  *name = slash != NULL ? slash + 1 : path;
  if (slash == NULL)
    return parent;
  folder = g_strndup (path, slash - path);
  return pf_fake_node_add_folder (parent, folder);
}

/**
 * pf_fake_node_add_folder:
 * @path: relative to @parent; folders on the way are made too
 *
 * Returns: (transfer none): the folder, which may have been there before
 */
PfFakeNode *
pf_fake_node_add_folder (PfFakeNode *parent, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      PfFakeNode *child = g_hash_table_lookup (parent->by_name, parts[i]);

      parent = child != NULL && S_ISDIR (child->mode)
                   ? child
                   : adopt_node (parent, create_node (S_IFDIR | 0755, parts[i]));
    }
  return parent;
}

/**
 * pf_fake_node_add_own_folder:
 * @path: relative to @parent; folders on the way are made too
 *
 * Returns: (transfer none): the folder, which was not there before, and so can be removed
 */
PfFakeNode *
pf_fake_node_add_own_folder (PfFakeNode *parent, const char *path)
{
  const char *name = NULL;
  PfFakeNode *folder = make_way (parent, path, &name);

  return adopt_node (folder, create_node (S_IFDIR | 0755, name));
}

/**
 * pf_fake_node_get_twice:
 *
 * Returns: (transfer none) (nullable): a path below @root that was to be there twice
 */
const char *
pf_fake_node_get_twice (const PfFakeNode *root)
{
  return root->twice;
}

/**
 * pf_fake_node_mark_files_stable:
 * @folder: may be NULL
 *
 * Marks every file below @folder as stable, but no folder and no link.
 */
void
pf_fake_node_mark_files_stable (PfFakeNode *folder)
{
  for (guint i = 0; folder != NULL && folder->children != NULL && i < folder->children->len; i++)
    {
      PfFakeNode *child = g_ptr_array_index (folder->children, i);

      child->stable = child->stable || S_ISREG (child->mode);
      pf_fake_node_mark_files_stable (child);
    }
}

/**
 * pf_fake_node_add_bytes:
 *
 * Adds a world-readable file whose content never changes, and may have zero bytes in it.
 *
 * Returns: (transfer none): the file
 */
PfFakeNode *
pf_fake_node_add_bytes (PfFakeNode *parent, const char *path, const char *bytes, gsize length)
{
  const char *name = NULL;
  PfFakeNode *folder = make_way (parent, path, &name);
  PfFakeNode *node = create_node (S_IFREG | 0444, name);

  node->text = g_string_free (g_string_new_len (bytes, (gssize) length), FALSE);
  node->length = length;
  return adopt_node (folder, node);
}

/**
 * pf_fake_node_add_text:
 *
 * Adds a world-readable file whose content never changes.
 *
 * Returns: (transfer none): the file
 */
PfFakeNode *
pf_fake_node_add_text (PfFakeNode *parent, const char *path, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return pf_fake_node_add_bytes (parent, path, text, strlen (text));
}

/**
 * pf_fake_node_add_link:
 * @target: as readlink() shall return it
 *
 * Returns: (transfer none): the symbolic link
 */
PfFakeNode *
pf_fake_node_add_link (PfFakeNode *parent, const char *path, const char *target)
{
  const char *name = NULL;
  PfFakeNode *folder = make_way (parent, path, &name);
  PfFakeNode *node = create_node (S_IFLNK | 0777, name);

  node->text = g_strdup (target);
  return adopt_node (folder, node);
}

static guint
count_depth (const PfFakeNode *node)
{
  guint depth = 0;

  for (; node->parent != NULL; node = node->parent)
    depth++;
  return depth;
}

/**
 * pf_fake_node_add_link_to:
 *
 * Adds a relative link to @target, climbing no higher than the folder that both share, as the kernel does.
 *
 * Returns: (transfer none): the symbolic link
 */
PfFakeNode *
pf_fake_node_add_link_to (PfFakeNode *parent, const char *path, PfFakeNode *target)
{
  const char *name = NULL;
  PfFakeNode *from = make_way (parent, path, &name);
  PfFakeNode *common = target;
  g_autoptr (GString) up = g_string_new (NULL);
  g_autoptr (GString) down = g_string_new (NULL);

  for (guint depth = count_depth (from), other = count_depth (common); from != common;)
    {
      if (depth >= other)
        {
          g_string_append (up, "../");
          from = from->parent;
          depth--;
        }
      else
        {
          g_string_prepend (down, common->name);
          g_string_prepend_c (down, '/');
          common = common->parent;
          other--;
        }
    }
  g_string_append (up, down->str + (down->len > 0 ? 1 : 0));
  return pf_fake_node_add_link (parent, path, up->str);
}

/**
 * pf_fake_node_add:
 * @attribute: must outlive the node
 * @owner: handed to the attribute's functions until the node is removed
 *
 * Returns: (transfer none): the file
 */
PfFakeNode *
pf_fake_node_add (PfFakeNode *parent, const PfFakeAttribute *attribute, gpointer owner)
{
  PfFakeNode *node = create_node (S_IFREG | attribute->mode, attribute->name);

  node->attribute = attribute;
  node->owner = owner;
  return adopt_node (parent, node);
}

static void
forget_owner (PfFakeNode *node)
{
  node->removed = TRUE;
  node->owner = NULL;
}

/**
 * pf_fake_node_remove:
 *
 * Takes @node and everything below it out of the tree. Whoever still has one of them open gets ENODEV.
 */
void
pf_fake_node_remove (PfFakeNode *node)
{
  while (node->children != NULL && node->children->len > 0)
    pf_fake_node_remove (g_ptr_array_index (node->children, node->children->len - 1));
  if (node->parent != NULL)
    {
      g_hash_table_remove (node->parent->by_name, node->name);
      g_ptr_array_remove (node->parent->children, node);
      node->parent = NULL;
    }
  forget_owner (node);
  pf_fake_node_unref (node);
}

/**
 * pf_fake_node_remove_all:
 * @nodes: (element-type PfFakeNode)
 */
void
pf_fake_node_remove_all (const GPtrArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    pf_fake_node_remove (g_ptr_array_index (nodes, i));
}

/**
 * pf_fake_node_remove_path:
 *
 * Like pf_fake_node_remove(); does nothing where there is no such node.
 */
void
pf_fake_node_remove_path (PfFakeNode *parent, const char *path)
{
  PfFakeNode *node = pf_fake_node_find (parent, path);

  if (node != NULL)
    pf_fake_node_remove (node);
}

/**
 * pf_fake_node_find:
 * @path: relative to @parent; links are not followed
 *
 * Returns: (transfer none) (nullable): the node
 */
PfFakeNode *
pf_fake_node_find (PfFakeNode *parent, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; parts[i] != NULL && parent != NULL; i++)
    parent = parent->by_name != NULL ? g_hash_table_lookup (parent->by_name, parts[i]) : NULL;
  return parent;
}

/**
 * pf_fake_node_get_path:
 *
 * Returns: (transfer full): the path from the root, with no slash in front
 */
char *
pf_fake_node_get_path (PfFakeNode *node)
{
  GString *path = g_string_new (node->name);

  for (node = node->parent; node != NULL && node->parent != NULL; node = node->parent)
    {
      g_string_prepend_c (path, '/');
      g_string_prepend (path, node->name);
    }
  return g_string_free (path, FALSE);
}
