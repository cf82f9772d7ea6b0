/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-labels.h"

#include <string.h>

#include "pf-error.h"
#include "pf-file.h"
#include "pf-key-text.h"

#define MAX_SIZE 65536
#define SETTLE_MS 20

/* What people call the sockets: /etc/portferry/ports.conf, a keyfile that may be edited by hand:
 *
 *   [0000:00:14.0]         a router
 *   ehci2/3=Front, left    a port's name, and at most 64 printable characters
 *   ehci2/3.place=front    rear, front, internal
 *   ehci2/3.colour=blue    of its plastic
 *
 *   [0000:02:00.0]         a controller whose ports do not move
 *   usb/4=Rear, 3rd row
 */

#define SOCKET_PREFIX "usb/"
#define MAX_SOCKET 255 /* ports of a root hub: USB 3.2, 10.16.2.1; xHCI 1.2, 5.3.3 */

static const char *const places[] = { "rear", "front", "internal", NULL };
static const char *const colours[]
    = { "black", "white", "grey", "blue", "teal", "red", "yellow", "orange", "green", "purple", NULL };

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
          && !pf_key_text_load (file, data, length, G_KEY_FILE_KEEP_COMMENTS, &error)))
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

/* A word in the file that we do not know is as good as none. */
static char *
get_word (PfLabels *labels, const char *controller, const char *key, const char *const *known)
{
  g_autofree char *word = g_key_file_get_string (labels->file, controller, key, NULL);

  return g_strdup (word != NULL && g_strv_contains (known, word) ? word : "");
}

/**
 * pf_labels_get_note:
 * @labels: the labels
 * @controller: a controller's PCI address
 * @socket: a router's port, or "usb/N"
 * @note: (out caller-allocates): what is known of it, "" for what is not; to be cleared with pf_note_clear()
 */
void
pf_labels_get_note (PfLabels *labels, const char *controller, const char *socket, PfNote *note)
{
  g_autofree char *place_key = g_strconcat (socket, ".place", NULL);
  g_autofree char *colour_key = g_strconcat (socket, ".colour", NULL);

  note->label = pf_labels_get (labels, controller, socket);
  note->place = get_word (labels, controller, place_key, places);
  note->colour = get_word (labels, controller, colour_key, colours);
}

void
pf_note_clear (PfNote *note)
{
  g_clear_pointer (&note->label, g_free);
  g_clear_pointer (&note->place, g_free);
  g_clear_pointer (&note->colour, g_free);
}

/**
 * pf_labels_parse_socket:
 * @socket: what may be "usb/N"
 *
 * Returns: N, 1 to 255; 0 for anything else
 */
guint
pf_labels_parse_socket (const char *socket)
{
  guint64 number;

  if (!g_str_has_prefix (socket, SOCKET_PREFIX)
      || !g_ascii_string_to_unsigned (socket + strlen (SOCKET_PREFIX), 10, 1, MAX_SOCKET, &number, NULL)
      || socket[strlen (SOCKET_PREFIX)] == '0')
    return 0;
  return (guint) number;
}

/**
 * pf_labels_list_sockets:
 * @labels: the labels
 * @controller: a controller's PCI address
 *
 * Returns: (transfer full) (element-type guint): the ports "usb/N" of it of which something is noted,
 * ascending
 */
GArray *
pf_labels_list_sockets (PfLabels *labels, const char *controller)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto (GStrv) keys = g_key_file_get_keys (labels->file, controller, NULL, NULL);
  gboolean known[MAX_SOCKET + 1] = { FALSE };

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      char *dot = strchr (keys[i], '.');

      if (dot != NULL)
        *dot = '\0';
      known[pf_labels_parse_socket (keys[i])] = TRUE;
    }
  for (guint number = 1; number <= MAX_SOCKET; number++)
    if (known[number])
      g_array_append_val (numbers, number);
  return numbers;
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

/* "" forgets it. */
static void
put (GKeyFile *file, const char *controller, const char *key, const char *text)
{
  if (*text != '\0')
    g_key_file_set_string (file, controller, key, text);
  else
    g_key_file_remove_key (file, controller, key, NULL);
}

static gboolean
check_word (const char *what, const char *word, const char *const *known, GError **error)
{
  g_autofree char *list = NULL;

  if (*word == '\0' || g_strv_contains (known, word))
    return TRUE;
  list = g_strjoinv (", ", (char **) known);
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "A %s is one of: %s.", what, list);
  return FALSE;
}

static gboolean
check_note (const PfNote *note, GError **error)
{
  if (note->label != NULL && !is_label (note->label))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "A label is at most %d printable characters.",
                   PF_LABELS_MAX_LENGTH);
      return FALSE;
    }
  return (note->place == NULL || check_word ("place", note->place, places, error))
         && (note->colour == NULL || check_word ("colour", note->colour, colours, error));
}

/* @file takes the place of what was there, on disk first. */
static gboolean
save (PfLabels *labels, GKeyFile *file, GError **error)
{
  gsize length;
  g_autofree char *data = g_key_file_to_data (file, &length, NULL);

  if (length > MAX_SIZE)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "“%s” would be too large.", labels->path);
      return FALSE;
    }
  if (!pf_file_write (labels->path, data, length, error))
    return FALSE;
  g_key_file_unref (labels->file);
  labels->file = g_key_file_ref (file);
  g_signal_emit (labels, signals[SIGNAL_CHANGED], 0);
  return TRUE;
}

/**
 * pf_labels_set_note:
 * @labels: the labels
 * @controller: PCI address of a controller of this board
 * @socket: one of its ports
 * @note: what to note; NULL for what stays, "" for what is to be forgotten
 * @error: PF_ERROR_INVALID_ARGUMENT, PF_ERROR_LIMIT_EXCEEDED, PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
pf_labels_set_note (
    PfLabels *labels, const char *controller, const char *socket, const PfNote *note, GError **error)
{
  g_autoptr (GKeyFile) file = copy_file (labels);
  g_autofree char *place_key = g_strconcat (socket, ".place", NULL);
  g_autofree char *colour_key = g_strconcat (socket, ".colour", NULL);

  if (!check_note (note, error))
    return FALSE;
  if (note->label != NULL)
    put (file, controller, socket, note->label);
  if (note->place != NULL)
    put (file, controller, place_key, note->place);
  if (note->colour != NULL)
    put (file, controller, colour_key, note->colour);
  return save (labels, file, error);
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
  PfNote note = { .label = (char *) label };

  return pf_labels_set_note (labels, router, port, &note, error);
}
