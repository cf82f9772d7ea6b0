/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_LABELS_MAX_LENGTH 64 /* characters */

/**
 * PfNote:
 * @label: what people call a socket
 * @place: "rear", "front" or "internal"
 * @colour: of its plastic
 *
 * What people note of a socket. "" is unknown, NULL what is not spoken of.
 */
typedef struct
{
  char *label;
  char *place;
  char *colour;
} PfNote;

void pf_note_clear (PfNote *note);

#define PF_TYPE_LABELS (pf_labels_get_type ())
G_DECLARE_FINAL_TYPE (PfLabels, pf_labels, PF, LABELS, GObject)

PfLabels *pf_labels_new (const char *config);
char *pf_labels_get (PfLabels *labels, const char *router, const char *port);
gboolean
pf_labels_set (PfLabels *labels, const char *router, const char *port, const char *label, GError **error);
void pf_labels_get_note (PfLabels *labels, const char *controller, const char *socket, PfNote *note);
gboolean pf_labels_set_note (
    PfLabels *labels, const char *controller, const char *socket, const PfNote *note, GError **error);
guint pf_labels_parse_socket (const char *socket);
GArray *pf_labels_list_sockets (PfLabels *labels, const char *controller);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfNote, pf_note_clear)

G_END_DECLS
