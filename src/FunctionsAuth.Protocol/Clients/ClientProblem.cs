namespace FunctionsAuth.Protocol.Clients;

/// <param name="Member">The member of the client's metadata, such as <c>redirect_uris[0]</c>.</param>
/// <param name="Problem">The rest of a sentence that begins with the member's name.</param>
public sealed record ClientProblem(string Member, string Problem);
