"""Names for invented people: usual ones of mainland France and of the territories overseas, in no order that
means anything."""

from typing import Final

SURNAMES: Final = tuple(
    """
    MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE LEROY ROUX
    DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER LEFEVRE
    FAURE ANDRÉ MERCIER BLANC GUÉRIN BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN
    CLÉMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE
    NOËL MEYER DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIÈRE LUCAS BRUNET GAILLARD BARBIER ARNAUD
    MARTINEZ GÉRARD ROCHE RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE
    RENAUD DUMAS LACROIX OLIVIER PHILIPPE BOURGEOIS PIERRE BENOÎT REY LECLERC PAYET ROLLAND LECLERCQ
    GUILLAUME LECOMTE LÓPEZ JEAN DUPUY GUILLOT HUBERT BERGER CARPENTIER SÁNCHEZ DUPUIS MOULIN LOUIS
    DESCHAMPS HUET VASSEUR PÉREZ BOUCHER FLEURY ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY AUBRY GUYOT
    CARRÉ CHARLES RENAULT CHARPENTIER MÉNARD
    """.split()
)
SURNAMES_OVERSEAS: Final = tuple(
    """
    TAHUA WAMYTAN HNAWIA KANGOU POADJA GOROMIDO NAISSELINE TEIN WENEHOUA HNALAINE TUHEIAVA TERIITAHI TEMARU
    TEHAAMOANA MATEATA FAATAU TUPAI HAUMANI TAAROA MANUTAHI MAUFANA TAKALA FALELAVAKI TUFELE LIE HOARAU
    GRONDIN BOYER FONTAINE HOAREAU LEBON RIVIÈRE VIENNE TÉCHER ATTOUMANI MADI BACAR SAÏD COMBO ABDOU HALIDI
    CÉSAIRE LÉOTARD JULIANUS NÉPAUL SAINTE-ROSE PROSPER ZAMORE BELLEVUE PINDI APATOU ADOISSI ELFORT
    """.split()
)
PARTICLES: Final = ("DE ", "DU ", "DE LA ", "D’", "LE ", "N’", "O’")
GIVEN_NAMES: Final = {
    "F": tuple(
        """
        Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Madeleine
        Nicole Suzanne Hélène Christine Élise Chloé Zoé Louise Claire Angela Émilie Aurélie Camille Léa
        Manon Inès Jade Yvonne Denise Renée Andrée Paulette Simone Ginette Colette Brigitte Chantal
        Véronique Sandrine Valérie
        """.split()
    ),
    "M": tuple(
        """
        Jean Pierre Michel André Philippe René Louis Alain Jacques Bernard Marcel Daniel Roger Robert Paul
        Claude Christian Henri Georges Nicolas François Gérard Éric Thierry Julien Loïc Noël Hervé Benoît
        Jérôme Sébastien Maxime Hugo Lucas Théo Raphaël Adam Gaël Maël Étienne Cédric Stéphane Frédéric
        Laurent David Olivier
        """.split()
    ),
}
GIVEN_NAMES_OVERSEAS: Final = {
    "F": tuple(
        "Maëva Hina Vaimiti Poerava Teura Heimiti Mereana Moana Tiare Wasa Drehu Kamisa Zaïna Anrafa".split()
    ),
    "M": tuple(
        "Teva Manu Tamatoa Heimana Ariihau Teiki Wassissi Hnamano Jewine Saïndou Nassur Bacar Kendy".split()
    ),
}
COMPOUND_GIVEN_NAMES: Final = {
    "F": ("Marie-Claude", "Anne-Marie", "Marie-Rose", "Marie-Thérèse", "Anne-Sophie", "Rose-May"),
    "M": ("Jean-Claude", "Jean-Pierre", "Jean-Luc", "Pierre-Yves", "Jean-Noël", "Paul-Henri"),
}
