using Azure.Data.Tables;

namespace FunctionsAuth.Azure.Tables;

/// <summary>The tables of the server. Each is made when something is first written to it.</summary>
public sealed class TableSet(TableServiceClient service, string prefix)
{
    public Table Clients { get; } = new(service, prefix, "Clients");
    public Table ClientEnds { get; } = new(service, prefix, "ClientEnds");
    public Table RegistrationTokens { get; } = new(service, prefix, "RegistrationTokens");
    public Table Scopes { get; } = new(service, prefix, "Scopes");
    public Table Grants { get; } = new(service, prefix, "Grants");
    public Table AccessTokens { get; } = new(service, prefix, "AccessTokens");
    public Table Consents { get; } = new(service, prefix, "Consents");
    public Table Sessions { get; } = new(service, prefix, "Sessions");
    public Table Requests { get; } = new(service, prefix, "Requests");
    public Table Users { get; } = new(service, prefix, "Users");
    public Table Decoys { get; } = new(service, prefix, "Decoys");
    public Table Replays { get; } = new(service, prefix, "Replays");
    public Table SigningKeys { get; } = new(service, prefix, "SigningKeys");
    public Table Secrets { get; } = new(service, prefix, "Secrets");
    public Table UserLogins { get; } = new(service, prefix, "UserLogins");
}
