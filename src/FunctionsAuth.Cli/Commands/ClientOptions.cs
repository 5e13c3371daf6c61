using System.CommandLine;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Cli.Commands;

/// <summary>The usual members of a client as options.</summary>
internal static class ClientOptions
{
    private static readonly Option<string?> Kind = KindOption();
    private static readonly Option<string?> Name = new("--name") { Description = "The name that users see", HelpName = "text" };
    private static readonly Option<string[]> RedirectUri = new("--redirect-uri") { Description = "A redirect URI of the app", HelpName = "uri" };
    private static readonly Option<string[]> PostLogoutRedirectUri = new("--post-logout-redirect-uri") { Description = "A redirect URI after sign-out", HelpName = "uri" };
    private static readonly Option<string[]> GrantType = new("--grant-type") { Description = "A grant type, such as authorization_code", HelpName = "name" };
    private static readonly Option<string[]> Scope = new("--scope") { Description = "Scopes that the client can request", HelpName = "scopes" };
    private static readonly Option<string[]> ScopeMap = new("--scope-map") { Description = "A group and the scopes that its members get. Users in none of these groups cannot use the app", HelpName = "group=scopes" };
    private static readonly Option<bool?> FirstParty = new("--first-party") { Description = "The app is your own: users are not asked for consent" };
    private static readonly Option<bool?> Disabled = new("--disabled") { Description = "Disable the app, so that nobody can use it" };

    public static Symbol[] All { get; } = [Kind, Name, RedirectUri, PostLogoutRedirectUri, GrantType, Scope, ScopeMap, FirstParty, Disabled];

    private static Option<string?> KindOption()
    {
        var option = new Option<string?>("--kind") { Description = "The kind of app, which sets grant types and authentication: web, spa, native or service", HelpName = "kind" };
        option.AcceptOnlyFromAmong("web", "spa", "native", "service");
        return option;
    }

    public static void AddTo(CommandRun run, JsonObject client)
    {
        AddKind(run.Get(Kind), client);
        if (run.Get(Name) is { } name)
            client["client_name"] = name;
        AddList("redirect_uris", run.Get(RedirectUri));
        AddList("post_logout_redirect_uris", run.Get(PostLogoutRedirectUri));
        AddList("grant_types", run.Get(GrantType));
        if (run.Get(Scope) is { Length: > 0 } scopes)
            client["scope"] = string.Join(' ', scopes);
        if (run.Get(FirstParty) is { } firstParty)
            client["first_party"] = firstParty;
        if (run.Get(Disabled) is { } disabled)
            client["disabled"] = disabled;
        foreach (var (group, given) in (run.Get(ScopeMap) ?? []).Select(Members.Split))
        {
            var maps = client["scope_maps"] as JsonObject ?? [];
            maps[group] = Members.ListOf(given.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries));
            client["scope_maps"] ??= maps;
        }

        void AddList(string member, string[]? values)
        {
            if (values is { Length: > 0 })
                client[member] = Members.ListOf(values);
        }
    }

    private static void AddKind(string? kind, JsonObject client)
    {
        if (kind is null)
            return;
        client["grant_types"] = kind == "service" ? Members.ListOf(["client_credentials"]) : Members.ListOf(["authorization_code", "refresh_token"]);
        client["token_endpoint_auth_method"] = kind is "spa" or "native" ? "none" : "client_secret_basic";
        if (kind == "native")
            client["application_type"] = "native";
    }
}
