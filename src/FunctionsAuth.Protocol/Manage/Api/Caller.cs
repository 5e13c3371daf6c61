namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>The caller of the management API, with its rights.</summary>
/// <param name="Id">The subject of a user, or the id of a client that acts for itself.</param>
/// <param name="Name">The username, or the id of the client.</param>
/// <param name="IsPerson">The caller is a user, who uses an app or the server's own pages.</param>
/// <param name="Scopes">The scopes of the management API that the caller has.</param>
public sealed record Caller(string Id, string Name, bool IsPerson, IReadOnlyList<string> Scopes)
{
    public bool Has(string scope) => Scopes.Contains(scope);

    /// <exception cref="ApiProblem">Status 403: the caller does not have the scope.</exception>
    public void Demand(string scope, string why)
    {
        if (!Has(scope))
            throw ApiProblem.Forbidden($"{why}: this requires the scope {scope}");
    }
}
