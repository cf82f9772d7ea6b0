/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-labels.h"

#include "pf-error.h"
#include "pf-file.h"

#define MAX_SIZE 65536
#define SETTLE_MS 20

/* What people call the sockets: /etc/portferry/ports.conf, a keyfile that may be edited by hand:
 *
 *   [0000:00:14.0]         a router
 *   ehci2/3=Front, left    a port's name, and at most 64 printable characters
 */
struct _PfLabels
{
  GObject parent_instance;

  char *path;
  GKeyFile *file;
  GFileMonitor *monitor;
  guint reload_id;
};

G_DEFINE_TYPE (PfLabels, pf_labels, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
load (PfLabels *labels)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize length;

  if (!pf_file_read (labels->path, MAX_SIZE, &data, &length, &error)
      || (data != NULL && length > 0
          && !g_key_file_load_from_data (file, data, length, G_KEY_FILE_KEEP_COMMENTS, &error)))
    {
      g_message ("The ports' labels stay as they are; “%s”: %s", labels->path, error->message);
      return;
    }
  g_key_file_unref (labels->file);
  labels->file = g_steal_pointer (&file);
}

static gboolean
on_reload (gpointer user_data)
{
  PfLabels *labels = user_data;

  labels->reload_id = 0;
  load (labels);
  g_signal_emit (labels, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
on_monitor_changed (PfLabels *labels, GFile *file, GFile *other_file)
{
  g_autofree char *name = g_file_get_basename (other_file != NULL ? other_file : file);

  if (g_str_equal (name, "ports.conf") && labels->reload_id == 0)
    labels->reload_id = g_timeout_add (SETTLE_MS, on_reload, labels);
}

static void
pf_labels_init (PfLabels *labels)
{
  labels->file = g_key_file_new ();
}

static void
pf_labels_finalize (GObject *object)
{
  PfLabels *labels = PF_LABELS (object);

  g_clear_handle_id (&labels->reload_id, g_source_remove);
  g_clear_object (&labels->monitor);
  g_key_file_unref (labels->file);
  g_free (labels->path);
  G_OBJECT_CLASS (pf_labels_parent_class)->finalize (object);
}

static void
pf_labels_class_init (PfLabelsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_labels_finalize;
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", PF_TYPE_LABELS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * pf_labels_new:
 * @config: /etc/portferry
 *
 * Returns: (transfer full): the labels in its ports.conf, watched
 */
PfLabels *
pf_labels_new (const char *config)
{
  PfLabels *labels = g_object_new (PF_TYPE_LABELS, NULL);
  g_autoptr (GError) error = NULL;

  labels->path = g_build_filename (config, "ports.conf", NULL);
  labels->monitor = pf_file_monitor_folder (config, &error);
  if (labels->monitor != NULL)
    g_signal_connect_object (labels->monitor, "changed", G_CALLBACK (on_monitor_changed), labels,
                             G_CONNECT_SWAPPED);
  else
    g_message ("Labels that are edited by hand will not be noticed. %s", error->message);
  load (labels);
  return labels;
}

static gboolean
is_label (const char *label)
{
  if (!g_utf8_validate (label, -1, NULL) || g_utf8_strlen (label, -1) > PF_LABELS_MAX_LENGTH)
    return FALSE;
  for (const char *c = label; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/**
 * pf_labels_get:
 * @labels: the labels
 * @router: a router's PCI address
 * @port: a port's name
 *
 * Returns: (transfer full): its label; "" for none, and for one in the file that cannot be shown
 */
char *
pf_labels_get (PfLabels *labels, const char *router, const char *port)
{
  g_autofree char *label = g_key_file_get_string (labels->file, router, port, NULL);

  if (label == NULL || !is_label (label))
    return g_strdup ("");
  return g_steal_pointer (&label);
}

static GKeyFile *
copy_file (PfLabels *labels)
{
  GKeyFile *copy = g_key_file_new ();
  gsize length;
  g_autofree char *data = g_key_file_to_data (labels->file, &length, NULL);

  if (length > 0)
    g_key_file_load_from_data (copy, data, length, G_KEY_FILE_KEEP_COMMENTS, NULL);
  return copy;
}

/**
 * pf_labels_set:
 * @labels: the labels
 * @router: PCI address of a router of this board
 * @port: name of one of its ports
 * @label: what people call it; "" forgets it
 * @error: PF_ERROR_INVALID_ARGUMENT, PF_ERROR_LIMIT_EXCEEDED, PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
pf_labels_set (PfLabels *labels, const char *router, const char *port, const char *label, GError **error)
{
  g_autoptr (GKeyFile) file = copy_file (labels);
  g_autofree char *data = NULL;
  gsize length;

  if (!is_label (label))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "A label is at most %d printable characters.",
                   PF_LABELS_MAX_LENGTH);
      return FALSE;
    }
  if (*label != '\0')
    g_key_file_set_string (file, router, port, label);
  else
    g_key_file_remove_key (file, router, port, NULL);
  data = g_key_file_to_data (file, &length, NULL);
  if (length > MAX_SIZE)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "“%s” would be too large.", labels->path);
      return FALSE;
    }
  if (!pf_file_write (labels->path, data, length, error))
    return FALSE;
  g_key_file_unref (labels->file);
  labels->file = g_steal_pointer (&file);
  g_signal_emit (labels, signals[SIGNAL_CHANGED], 0);
  return TRUE;
}
