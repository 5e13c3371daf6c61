using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// The addresses of the server's own pages, and of the login that leads to them: at the authorization endpoint, on behalf of the client that
/// these pages are (<see cref="OwnClients"/>).
/// </summary>
public sealed class OwnPages(ServerUrls urls)
{
    // Stands in no route and in no address of a request.
    private const char StateSeparator = '.';

    // No page has that name.
    private const string FirstPage = ".";

    public string Portal => urls.Of(Routes.Portal);

    /// <param name="route">The last part of the address of an account page.</param>
    public string Account(string route) => $"{urls.Of(Routes.Account)}/{route}";

    /// <summary>The person signs in, and comes back to the portal.</summary>
    public string SignInToPortal() => Authorize(Portal, []);

    /// <summary>The person signs in, and comes back to that account page.</summary>
    /// <param name="request">The parked request in whose midst the person came; null without one.</param>
    public string SignIn(string route, string? request = null) => Authorize(urls.Of(Routes.Account), [new(Parameter.State, StateOf(route, request))]);

    /// <param name="page">The address below <c>manage/</c>; empty for the first of the pages on which the server is managed.</param>
    public string Manage(string page) => page.Length == 0 ? urls.Of(Routes.Manage) : $"{urls.Of(Routes.Manage)}/{page}";

    /// <summary>The person signs in, and comes back to that page of the management.</summary>
    public string SignInToManage(string page) => Authorize(urls.Of(Routes.Manage), page.Length == 0 ? [] : [new(Parameter.State, page)]);

    /// <summary>The same, where the login must be new enough and reach a level: whoever can't do that yet is asked to set up what is missing.</summary>
    public string SignInToManage(string page, string username, AuthenticationLevel level, TimeSpan notBefore) => Authorize(
        urls.Of(Routes.Manage),
        [
            // A little less: instances whose clocks differ must not send the person to and fro.
            new(Parameter.MaxAge, string.Create(null, $"{(int)(notBefore.TotalSeconds * 0.9)}")),
            // A login without a page in the state would end where it began.
            new(Parameter.State, page.Length == 0 ? FirstPage : page),
            new(Parameter.LoginHint, username),
            // OpenID Connect Core §5.5.1.1: unlike acr_values, it can't be answered by less.
            new(Parameter.Claims, $"{{\"id_token\":{{\"acr\":{{\"essential\":true,\"value\":\"{AuthenticationContexts.NameOf(level)}\"}}}}}}"),
        ]);

    /// <summary>Whether a <c>state</c> is what <see cref="SignInToManage(string)"/> puts there: an address below <c>manage/</c>, and none that leads out of it.</summary>
    public static bool IsPage(string? state) => state is { Length: > 0 } && state != FirstPage && state.Split('/').All(segment => segment is not ("" or "." or "..")) && state.All(c => char.IsAsciiLetterOrDigit(c) || "/~.:-_".Contains(c, StringComparison.Ordinal));

    /// <summary>What <see cref="SignIn"/> put into the <c>state</c>, as the end of the address of an account page.</summary>
    public static (string Route, string? Request) ReadState(string state)
    {
        var parts = state.Split(StateSeparator, 2);
        return (parts[0], parts.Length == 2 && RecordAddress.TryParse(parts[1], out var request) ? request.ToString() : null);
    }

    private static string StateOf(string route, string? request) => request is null ? route : route + StateSeparator + request;

    /// <summary>The same, with a login that is new enough for a change that matters, and as sure as the person can make it.</summary>
    public string SignInAgain(string route, string username, AuthenticationLevel level, string? request = null) => Authorize(
        urls.Of(Routes.Account),
        [
            new(Parameter.State, StateOf(route, request)),
            // A little less: instances whose clocks differ must not send the person to and fro.
            new(Parameter.MaxAge, string.Create(null, $"{(int)(AccountOptions.FreshLogin.TotalSeconds * 0.9)}")),
            new(Parameter.LoginHint, username),
            new(Parameter.AcrValues, AuthenticationContexts.NameOf(level)!),
        ]);

    private string Authorize(string returnTo, IEnumerable<KeyValuePair<string, string>> more) => Redirect.Append(urls.Of(Routes.Authorize), '?',
    [
        new(Parameter.ClientId, OwnClients.AccountId),
        new(Parameter.ResponseType, ResponseTypeNames.None),
        new(Parameter.RedirectUri, returnTo),
        new(Parameter.Scope, StandardScopes.OpenId),
        .. more,
    ]);
}
