using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Profiles;

/// <summary>A requirement of FAPI 2.0 for authorization servers, and its part in the registration of clients.</summary>
/// <param name="Document">One of <see cref="ProfileNames"/>: the profile that has it.</param>
/// <param name="Number">Section and item.</param>
/// <param name="Demand">A sentence that is true if the requirement is met.</param>
/// <param name="Keeper">The part that makes sure of it.</param>
public sealed record FapiClause(string Document, string Number, string Demand, FapiKeeper Keeper)
{
    /// <summary>The parts that a registration does not meet; none unless <see cref="Keeper"/> is the registration.</summary>
    public Func<Client, IEnumerable<ClientProblem>> ProblemsOf { get; init; } = _ => [];
}

/// <summary>The ways in which a clause is fulfilled.</summary>
public enum FapiKeeper
{
    /// <summary>It is fulfilled for every client of this server.</summary>
    Server,

    /// <summary>A profile switches it on.</summary>
    Profile,

    /// <summary>The client must be registered accordingly.</summary>
    Registration,
}
