using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The addresses of the account pages, and of the login that leads to them.</summary>
public sealed class AccountAddresses(ServerUrls urls)
{
    /// <summary>The page that comes first.</summary>
    public const string First = ProfileView.Name;

    public string Of(string route) => $"{urls.Of(Routes.Account)}/{route}";

    /// <summary>The person signs in, and comes back to that page.</summary>
    public string SignIn(string route) => Authorize(route, []);

    /// <summary>The same, with a login that is new enough for a change that matters.</summary>
    public string SignInAgain(string route, string username) => Authorize(
        route, [new(Parameter.MaxAge, string.Create(null, $"{(int)AccountOptions.FreshLogin.TotalSeconds}")), new(Parameter.LoginHint, username)]);

    private string Authorize(string route, IEnumerable<KeyValuePair<string, string>> more) => Redirect.Append(urls.Of(Routes.Authorize), '?',
    [
        new(Parameter.ClientId, OwnClients.AccountId),
        new(Parameter.ResponseType, ResponseTypeNames.None),
        new(Parameter.RedirectUri, urls.Of(Routes.Account)),
        new(Parameter.Scope, StandardScopes.OpenId),
        new(Parameter.State, route),
        .. more,
    ]);
}
