using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>One user: the profile, the actions on the account, groups, sessions, apps and events.</summary>
public sealed class PersonView(ServerOptions options) : ManageView
{
    private static readonly (string Claim, Phrase Label)[] Claims =
        [("name", Phrase.Of($"Name")), ("given_name", Phrase.Of($"First name")), ("family_name", Phrase.Of($"Last name")), ("email", Phrase.Of($"Email")), ("phone_number", Phrase.Of($"Phone number")), ("locale", Phrase.Of($"Language"))];

    private const string EmailVerified = "email_verified";

    public override string Route => PeopleView.Name + "/{subject}";

    public override string Scope => ManageScopes.UsersRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var answer = await visit.CallAsync("get_user", cancellation);
        var user = (UserView)answer.Value!;
        var factors = visit.GetAsync<FactorsView>("get_user_factors", cancellation);
        var sessions = visit.GetAsync<ApiList<SessionView>>("list_user_sessions", cancellation);
        var consents = visit.GetAsync<ApiList<ConsentView>>("list_user_consents", cancellation);
        var events = visit.May(ManageScopes.AuditRead)
            ? visit.GetAsync<ApiList<EventView>>("list_events", cancellation, ("subject", user.Subject), ("from", "2000-01-01T00:00:00Z"), ("limit", "10"))
            : Task.FromResult(new ApiList<EventView>([], null));
        await Task.WhenAll(factors, sessions, consents, events);
        // The API checks this again and refuses all other changes.
        var mayWrite = visit.May(ManageScopes.UsersWrite) && (visit.May(ManageScopes.Administrators) || !ManageRoles.AreOfManagers(user.Groups, options.Manage));
        return ManageContent.Of(
            Phrase.Of($"Person: {user.Username}"),
            Facts(user, await factors),
            mayWrite ? new ManageButtons(Buttons(visit, user, await factors), Phrase.Of($"What you can do")) : null,
            mayWrite ? AskDisable(visit, user) : null,
            mayWrite ? AskReset(visit, user) : null,
            mayWrite ? AskDelete(visit, user, answer.Tag) : null,
            mayWrite ? Profile(visit, user, answer.Tag) : null,
            Groups(visit, user),
            visit.May(ManageScopes.GroupsWrite) ? visit.Filled(new ManageForm(PersonActions.AddGroup, Phrase.Of($"Add"), [new("group", Phrase.Of($"Group")) { IsRequired = true }], Phrase.Of($"Add to a group")) { IsFolded = true }) : null,
            Sessions(await sessions, mayWrite),
            Consents(visit, await consents, mayWrite),
            visit.May(ManageScopes.AuditRead) ? Events(user, await events) : null);
    }

    private static ManageFacts Facts(UserView user, FactorsView factors) => new(
    [
        Forms.Fact(Phrase.Of($"State"), ManageValue.Of(user.Disabled ? Phrase.Of($"Disabled") : user.HasFailures ? Phrase.Of($"Enabled, with wrong passwords") : Phrase.Of($"Enabled"))),
        Forms.Fact(Phrase.Of($"Subject"), ManageValue.Code(user.Subject)),
        .. user.Claims.Where(claim => claim.Value is not null).Select(claim => new ManageFact(ManageValue.Of(Claims.FirstOrDefault(known => known.Claim == claim.Key).Label ?? Phrase.Named(claim.Key)), ManageValue.Of(claim.Value is JsonObject ? claim.Value.ToJsonString() : claim.Value!.ToString()))),
        Forms.Fact(Phrase.Of($"Password"), ManageValue.Of(user.HasPassword ? Phrase.Of($"Yes") : Phrase.Of($"No"))),
        Forms.Fact(Phrase.Of($"App for codes"), ManageValue.Of(factors.HasTotp ? Phrase.Of($"Yes") : Phrase.Of($"No"))),
        Forms.Fact(Phrase.Of($"Passkeys"), factors.Passkeys.Count == 0 ? ManageValue.Of(Phrase.Of($"No")) : ManageValue.Of(string.Join(", ", factors.Passkeys.Select(passkey => passkey.Name)))),
    ]);

    private static List<ManageButton> Buttons(ManageVisit visit, UserView user, FactorsView factors)
    {
        List<ManageButton> buttons = [];
        if (user.HasFailures)
            buttons.Add(Forms.Button(PersonActions.Unlock, Phrase.Of($"Unlock")));
        if (user.Disabled)
            buttons.Add(Forms.Button(PersonActions.Enable, Phrase.Of($"Enable")));
        if (!user.HasPassword && !user.Disabled && user.Claims["email"] is not null)
            buttons.AddRange([Forms.Button(PersonActions.Invite, Phrase.Of($"Make an invitation")), Forms.Button(PersonActions.InviteByMail, Phrase.Of($"Send an invitation"))]);
        buttons.Add(Forms.Button(PersonActions.SignOut, Phrase.Of($"Sign out everywhere")));
        buttons.Add(visit.AskButton(PersonActions.ResetPassword, Phrase.Of($"Reset the password")) with { IsDanger = false });
        if (factors.HasTotp || factors.Passkeys.Count > 0)
            buttons.Add(visit.AskButton(PersonActions.ResetFactors, Phrase.Of($"Reset the second factors")) with { IsDanger = false });
        if (!user.Disabled)
            buttons.Add(visit.AskButton(PersonActions.Disable, Phrase.Of($"Disable")));
        buttons.Add(visit.AskButton(Forms.Delete, Phrase.Of($"Delete")));
        return buttons;
    }

    private static ManageForm? AskDisable(ManageVisit visit, UserView user) => visit.Asking(
        PersonActions.Disable, Phrase.Of($"Disable {user.Username}? Nobody can sign in to the account then, and all sessions are signed out."), Phrase.Of($"Disable"));

    private static ManageForm? AskReset(ManageVisit visit, UserView user) =>
        visit.Asking(PersonActions.ResetPassword, Phrase.Of($"Give {user.Username} another password? The old password stops working, and all sessions are signed out."), Phrase.Of($"Reset the password"))
        ?? visit.Asking(PersonActions.ResetFactors, Phrase.Of($"Remove the app for codes, the recovery codes and the passkeys of {user.Username}?"), Phrase.Of($"Reset the second factors"));

    private static ManageForm? AskDelete(ManageVisit visit, UserView user, string? etag) => visit.Asking(
        Forms.Delete, Phrase.Of($"Delete {user.Username}? This cannot be undone."), Phrase.Of($"Delete"), etag);

    private static ManageForm Profile(ManageVisit visit, UserView user, string? etag) => visit.Filled(new ManageForm(
        Forms.Save,
        Phrase.Of($"Save"),
        [
            new("username", Phrase.Of($"Username")) { Value = user.Username, IsRequired = true },
            .. Claims.Select(claim => new ManageField(claim.Claim, claim.Label) { Value = user.Claims[claim.Claim]?.ToString() }),
            new(EmailVerified, Phrase.Of($"Email address is verified"), ManageFieldKind.Check) { Value = Forms.FlagOf(user.Claims[EmailVerified] is JsonValue value && value.TryGetValue(out bool verified) && verified) },
        ],
        Phrase.Of($"Change the profile"))
    { Etag = etag, IsFolded = true });

    private static ManageRows Groups(ManageVisit visit, UserView user) => new(
        [.. user.Groups.Select(group => new ManageRow(ManageValue.Of(group) with { Page = visit.May(ManageScopes.GroupsRead) ? GroupsView.PageOf(group) : null })
        {
            Buttons = visit.May(ManageScopes.GroupsWrite) ? [Forms.Button(PersonActions.RemoveGroup, Phrase.Of($"Remove"), group, group)] : [],
        })],
        Phrase.Of($"Groups"))
    { Empty = Phrase.Of($"In no group.") };

    private static ManageRows Sessions(ApiList<SessionView> sessions, bool mayWrite) => new(
        [.. sessions.Items.Select(session => new ManageRow((session.ClientId ?? session.Browser) is { } name ? ManageValue.Of(name) : ManageValue.Of(Phrase.Of($"A browser")))
        {
            Facts = [Forms.Fact(Phrase.Of($"Signed in"), ManageValue.Of(session.AuthTime)), Forms.Fact(Phrase.Of($"Last used"), ManageValue.Of(session.LastUsedAt))],
            Buttons = mayWrite ? [Forms.Button(PersonActions.EndSession, Phrase.Of($"Sign out"), session.Id, session.ClientId ?? session.Browser)] : [],
        })],
        Phrase.Of($"Sessions"))
    { Empty = Phrase.Of($"Signed in nowhere.") };

    private static ManageRows Consents(ManageVisit visit, ApiList<ConsentView> consents, bool mayWrite) => new(
        [.. consents.Items.Select(consent => new ManageRow(ManageValue.Of(consent.ClientId) with { Page = visit.May(ManageScopes.ClientsRead) ? ClientsView.PageOf(consent.ClientId) : null })
        {
            Facts = [Forms.Fact(Phrase.Of($"Scopes"), ManageValue.Code(string.Join(' ', consent.Scopes))), Forms.Fact(Phrase.Of($"Since"), ManageValue.Of(consent.GrantedAt))],
            Buttons = mayWrite ? [Forms.Button(PersonActions.RevokeConsent, Phrase.Of($"Take access back"), consent.ClientId, consent.ClientId)] : [],
        })],
        Phrase.Of($"Apps with access"))
    { Empty = Phrase.Of($"No app has access.") };

    private static ManageRows Events(UserView user, ApiList<EventView> events) => new([.. events.Items.Select(EventsView.RowOf)], Phrase.Of($"Activity"))
    {
        Empty = Phrase.Of($"Nothing happened."),
        Next = events.Next is null ? null : $"{EventsView.Name}?subject={Uri.EscapeDataString(user.Subject)}",
    };

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        switch (form[PageFields.Action])
        {
            case Forms.Delete:
                await visit.CallAsync("delete_user", cancellation, etag: form[PageFields.Etag]);
                return new ManageResult(PeopleView.Name);
            case Forms.Save:
                await visit.CallAsync("patch_user", cancellation, Changes(form, await visit.GetAsync<UserView>("get_user", cancellation)), form[PageFields.Etag]);
                return new ManageResult(null, Phrase.Of($"The profile is saved."));
            default:
                return await PersonActions.RunAsync(visit, form, cancellation);
        }
    }

    private static JsonObject Changes(Parameters form, UserView stored)
    {
        var claims = new JsonObject();
        foreach (var (claim, _) in Claims)
            claims[claim] = form.Text(claim);
        // The checkbox was ticked for the old address. A new address is unverified until it is saved and the checkbox is ticked again.
        if (form.Text("email") is not { } email || !form.Flag(EmailVerified))
            claims[EmailVerified] = null;
        else if (email.ToString() == (stored.Claims["email"] as JsonValue)?.ToString())
            claims[EmailVerified] = true;
        return new JsonObject { ["username"] = (form["username"] ?? "").Trim(), ["claims"] = claims };
    }
}
